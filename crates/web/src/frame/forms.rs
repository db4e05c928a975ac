//! Puts the token of the reader's session into every form of a page, so that no template has to think of it.

/// The hidden field's name.
pub const FIELD: &str = "_token";

/// The page with the token as the first field of each form that posts.
pub fn into_forms(page: &str, token: &str) -> String {
    let field = format!("<input type=\"hidden\" name=\"{FIELD}\" value=\"{token}\">");
    let mut out = String::with_capacity(page.len() + 512);
    let mut rest = page;
    while let Some(at) = rest.find("<form") {
        let Some(end) = rest[at..].find('>').map(|end| at + end + 1) else { break };
        out.push_str(&rest[..end]);
        if rest[at..end].contains("method=\"post\"") {
            out.push_str(&field);
        }
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_that_post_get_the_token_and_no_others() {
        let page = r#"<form method="get" action="/d"><input></form><form class="x" method="post"><b>"#;
        assert_eq!(
            into_forms(page, "t"),
            r#"<form method="get" action="/d"><input></form><form class="x" method="post"><input type="hidden" name="_token" value="t"><b>"#
        );
        assert_eq!(into_forms("<form method=\"post\"", "t"), "<form method=\"post\"");
    }
}
