//! Our five kinds of value in PostgreSQL's binary form, by the type the server inferred.

use std::error::Error;

use bytes::{BufMut, BytesMut};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};

use crate::{Value, ValueRef};

type Fault = Box<dyn Error + Sync + Send>;

/// Why a value can't be sent as the type the server wants; `None` when it can.
pub(crate) fn misfit(value: ValueRef<'_>, ty: &Type) -> Option<String> {
    let fits = match value {
        ValueRef::Null => true,
        ValueRef::Int(n) => match *ty {
            Type::INT8 | Type::FLOAT4 | Type::FLOAT8 | Type::NUMERIC => true,
            Type::INT4 | Type::OID => i32::try_from(n).is_ok(),
            Type::INT2 => i16::try_from(n).is_ok(),
            Type::BOOL => n == 0 || n == 1,
            _ => false,
        },
        ValueRef::Real(_) => matches!(*ty, Type::FLOAT4 | Type::FLOAT8),
        ValueRef::Text(_) => matches!(*ty, Type::TEXT | Type::VARCHAR | Type::BPCHAR | Type::NAME | Type::UNKNOWN),
        ValueRef::Blob(_) => *ty == Type::BYTEA,
    };
    (!fits).then(|| format!("{} does not fit {ty}", value.kind()))
}

/// Writes the value; the caller has asked [`misfit`] before. Returns whether it is null.
#[expect(clippy::cast_precision_loss, reason = "a real column takes an integer with a real's precision")]
#[expect(clippy::cast_possible_truncation, reason = "single precision is what the column holds")]
pub(crate) fn encode(value: ValueRef<'_>, ty: &Type, out: &mut BytesMut) -> Result<bool, Fault> {
    match value {
        ValueRef::Null => return Ok(true),
        ValueRef::Int(n) => match *ty {
            Type::INT4 | Type::OID => out.put_i32(i32::try_from(n)?),
            Type::INT2 => out.put_i16(i16::try_from(n)?),
            Type::BOOL => out.put_u8(u8::from(n != 0)),
            Type::FLOAT4 => out.put_f32(n as f32),
            Type::FLOAT8 => out.put_f64(n as f64),
            Type::NUMERIC => put_numeric(n, out),
            _ => out.put_i64(n),
        },
        ValueRef::Real(x) if *ty == Type::FLOAT4 => out.put_f32(x as f32),
        ValueRef::Real(x) => out.put_f64(x),
        ValueRef::Text(t) => out.put_slice(t.as_bytes()),
        ValueRef::Blob(b) => out.put_slice(b),
    }
    Ok(false)
}

impl ToSql for Value {
    fn to_sql(&self, ty: &Type, out: &mut BytesMut) -> Result<IsNull, Fault> {
        Ok(if encode(self.as_ref(), ty, out)? { IsNull::Yes } else { IsNull::No })
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

/// A column as PostgreSQL sends it.
pub(crate) struct Cell<'a>(pub(crate) ValueRef<'a>);

impl<'a> FromSql<'a> for Cell<'a> {
    fn from_sql(ty: &Type, raw: &'a [u8]) -> Result<Self, Fault> {
        Ok(Self(match *ty {
            Type::INT8 => ValueRef::Int(i64::from_be_bytes(raw.try_into()?)),
            Type::INT4 => ValueRef::Int(i64::from(i32::from_be_bytes(raw.try_into()?))),
            Type::INT2 => ValueRef::Int(i64::from(i16::from_be_bytes(raw.try_into()?))),
            Type::OID => ValueRef::Int(i64::from(u32::from_be_bytes(raw.try_into()?))),
            Type::BOOL => ValueRef::Int(i64::from(raw.first().is_some_and(|b| *b != 0))),
            Type::FLOAT8 => ValueRef::Real(f64::from_be_bytes(raw.try_into()?)),
            Type::FLOAT4 => ValueRef::Real(f64::from(f32::from_be_bytes(raw.try_into()?))),
            Type::NUMERIC => numeric(raw)?,
            Type::BYTEA => ValueRef::Blob(raw),
            _ => ValueRef::Text(std::str::from_utf8(raw)?),
        }))
    }

    fn from_sql_null(_: &Type) -> Result<Self, Fault> {
        Ok(Self(ValueRef::Null))
    }

    fn accepts(ty: &Type) -> bool {
        matches!(
            *ty,
            Type::INT8
                | Type::INT4
                | Type::INT2
                | Type::OID
                | Type::BOOL
                | Type::FLOAT8
                | Type::FLOAT4
                | Type::NUMERIC
                | Type::BYTEA
                | Type::TEXT
                | Type::VARCHAR
                | Type::BPCHAR
                | Type::NAME
                | Type::UNKNOWN
        )
    }
}

/// The server's sums of BIGINT come as NUMERIC: groups of four decimal digits. Whole ones are integers.
fn numeric(raw: &[u8]) -> Result<ValueRef<'static>, Fault> {
    let short = |at: usize| -> Result<i16, Fault> {
        let bytes = raw.get(at..at + 2).ok_or("numeric cut short")?;
        Ok(i16::from_be_bytes([bytes[0], bytes[1]]))
    };
    let (groups, weight, sign) = (short(0)?, i32::from(short(2)?), short(4)?);
    let negative = match sign {
        0 => false,
        0x4000 => true,
        _ => return Err("numeric is not a number".into()),
    };
    let mut whole: Option<i128> = Some(0);
    let mut real = 0.0;
    for index in 0..groups {
        let digit = short(8 + 2 * usize::try_from(index)?)?;
        let power = weight - i32::from(index);
        real += f64::from(digit) * 10_000_f64.powi(power);
        whole = u32::try_from(power)
            .ok()
            .filter(|p| *p < 8)
            .and_then(|p| Some(whole? + i128::from(digit) * 10_000_i128.pow(p)));
    }
    let whole = whole.map(|n| if negative { -n } else { n }).and_then(|n| i64::try_from(n).ok());
    Ok(whole.map_or(ValueRef::Real(if negative { -real } else { real }), ValueRef::Int))
}

fn put_numeric(value: i64, out: &mut BytesMut) {
    let mut groups = Vec::new();
    let mut rest = value.unsigned_abs();
    while rest > 0 {
        groups.push(i16::try_from(rest % 10_000).expect("below 10,000"));
        rest /= 10_000;
    }
    let count = i16::try_from(groups.len()).expect("a 64-bit number has at most five groups");
    out.put_i16(count);
    out.put_i16(count - 1);
    out.put_i16(if value < 0 { 0x4000 } else { 0 });
    out.put_i16(0);
    groups.iter().rev().for_each(|group| out.put_i16(*group));
}
