//! Objects as files of a folder.

use std::fs;
use std::io;
use std::path::Path;

use crate::ObjectFault;

pub(crate) struct Folder<'r>(pub &'r Path);

impl Folder<'_> {
    /// Beside, then by its name: a reader sees the old object or the new one.
    pub fn put(&self, name: &str, bytes: &[u8]) -> Result<(), ObjectFault> {
        let path = self.0.join(name);
        let beside = path.with_extension("part");
        let done = || -> io::Result<()> {
            if let Some(folder) = path.parent() {
                fs::create_dir_all(folder)?;
            }
            fs::write(&beside, bytes)?;
            fs::File::open(&beside)?.sync_all()?;
            fs::rename(&beside, &path)
        };
        done().map_err(fault("write", name))
    }

    pub fn get(&self, name: &str) -> Result<Option<Vec<u8>>, ObjectFault> {
        match fs::read(self.0.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(e) if e.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(e) => Err(fault("read", name)(e)),
        }
    }

    pub fn list(&self, opening: &str) -> Result<Vec<String>, ObjectFault> {
        let mut names = Vec::new();
        walk(self.0, "", &mut names).map_err(fault("list", opening))?;
        names.retain(|name| name.starts_with(opening));
        names.sort();
        Ok(names)
    }

    pub fn delete(&self, name: &str) -> Result<(), ObjectFault> {
        let path = self.0.join(name);
        match fs::remove_file(&path) {
            Err(e) if e.kind() != io::ErrorKind::NotFound => Err(fault("remove", name)(e)),
            _ => {
                // Folders are no objects: one that is left empty goes too.
                let above = path.ancestors().skip(1).take_while(|folder| *folder != self.0);
                let _ = above.map(fs::remove_dir).take_while(Result::is_ok).count();
                Ok(())
            }
        }
    }
}

fn walk(folder: &Path, opening: &str, names: &mut Vec<String>) -> io::Result<()> {
    let entries = match fs::read_dir(folder) {
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(()),
        entries => entries?,
    };
    for entry in entries {
        let entry = entry?;
        let name = format!("{opening}{}", entry.file_name().to_string_lossy());
        if entry.file_type()?.is_dir() {
            walk(&entry.path(), &format!("{name}/"), names)?;
        } else {
            names.push(name);
        }
    }
    Ok(())
}

fn fault(doing: &'static str, name: &str) -> impl Fn(io::Error) -> ObjectFault {
    let name = name.to_owned();
    move |e| ObjectFault::Unreachable { doing, name: name.clone(), cause: e.kind().to_string() }
}
