//! Columns and cells that say who a person is. An import leaves them out unless the owner names the
//! column, since a score needs none of it.

use std::net::IpAddr;

use super::left_out::Reason;

/// Parts of names of columns with an email address.
const EMAIL: [&str; 10] =
    ["email", "e mail", "courriel", "correo", "мейл", "почт", "メール", "邮箱", "邮件", "이메일"];
/// Parts of names of columns with a telephone number. Each begins a word.
const PHONE: [&str; 14] = [
    "phone",
    "telephone",
    "telefon",
    "telefoon",
    "téléphone",
    "teléfono",
    "cellphone",
    "handynummer",
    "mobilnummer",
    "whatsapp",
    "телефон",
    "電話",
    "电话",
    "전화",
];
/// Whole names of columns with the name of a person.
const NAMES: [&str; 26] = [
    "name",
    "fullname",
    "firstname",
    "lastname",
    "surname",
    "forename",
    "username",
    "recipientfirstname",
    "recipientlastname",
    "vorname",
    "nachname",
    "nom",
    "prénom",
    "nombre",
    "apellido",
    "apellidos",
    "nome",
    "cognome",
    "sobrenome",
    "naam",
    "voornaam",
    "achternaam",
    "имя",
    "名前",
    "姓名",
    "이름",
];
/// Words before `name` that make it that of a person.
const WHOSE: [&str; 16] = [
    "first",
    "last",
    "full",
    "given",
    "family",
    "middle",
    "your",
    "person",
    "contact",
    "customer",
    "respondent",
    "recipient",
    "user",
    "client",
    "visitor",
    "participant",
];

/// Returns the kind of personal data that a column has by its name.
pub(super) fn column(name: &str) -> Option<Reason> {
    let whole = words(name);
    // Of `Contact information: Name` and `person.name` the last part.
    let part = words(name.rsplit([':', '.', '–']).next().unwrap_or_default());
    [whole, part].iter().find_map(|words| by_words(words))
}

fn by_words(name: &str) -> Option<Reason> {
    let has_word = |known: &str| name.split(' ').any(|word| word == known);
    let is_email = |part: &&str| name.contains(*part) && (!part.contains(' ') || has_start(name, part));
    if EMAIL.iter().any(is_email) || name == "mail" {
        return Some(Reason::Email);
    }
    if has_word("ip") || has_word("ipaddress") || has_word("ipaddr") {
        return Some(Reason::Ip);
    }
    if PHONE.iter().any(|part| has_start(name, part)) || name == "mobile number" {
        return Some(Reason::Phone);
    }
    let is_name = NAMES.contains(&name)
        || WHOSE.iter().any(|whose| {
            name.split(' ').zip(name.split(' ').skip(1)).any(|(word, next)| word == *whose && next == "name")
        });
    is_name.then_some(Reason::Name)
}

/// Whether a word of a name begins so.
fn has_start(name: &str, part: &str) -> bool {
    name.starts_with(part)
        || name.match_indices(part).any(|(at, _)| name.get(..at).is_some_and(|before| before.ends_with(' ')))
}

/// The words of a name in lower case, with single blanks between; `RecipientFirstName` is one.
fn words(name: &str) -> String {
    let name = name.to_lowercase();
    let words: Vec<&str> =
        name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

/// Returns the kind of personal data that a cell is, whatever its column is called.
pub(super) fn cell(text: &str) -> Option<Reason> {
    if text.contains('@') {
        let address = text.rsplit_once('<').and_then(|(_, rest)| rest.strip_suffix('>')).unwrap_or(text);
        let address = address.strip_prefix("mailto:").unwrap_or(address);
        let (local, domain) = address.split_once('@')?;
        let is_part =
            |part: &str| !part.is_empty() && !part.contains(|c: char| c.is_whitespace() || c == '@');
        let is_domain = domain.split('.').count() > 1 && domain.split('.').all(is_part);
        return (is_part(local) && is_domain).then_some(Reason::Email);
    }
    let may_be_ip = (7..=45).contains(&text.len()) || text.starts_with("::");
    let is_ip = may_be_ip && text.contains(['.', ':']) && text.parse::<IpAddr>().is_ok();
    is_ip.then_some(Reason::Ip)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_personal_by_name() {
        for (kind, names) in [
            (
                Reason::Email,
                &[
                    "Email",
                    "E-Mail",
                    "email_address",
                    "Email Address",
                    "RecipientEmail",
                    "Person Email",
                    "user.email",
                    "E-Mail-Adresse",
                    "Adresse e-mail",
                    "Correo electrónico",
                    "メールアドレス",
                    "What is your email?",
                    "Contact information: Email Address",
                ][..],
            ),
            (Reason::Ip, &["IP", "IP Address", "ip_address", "IPAddress", "Client IP", "properties.$ip"]),
            (
                Reason::Phone,
                &[
                    "Phone",
                    "phone_number",
                    "Telephone",
                    "Telefonnummer",
                    "Téléphone",
                    "Mobile phone",
                    "Mobile Number",
                    "WhatsApp number",
                ],
            ),
            (
                Reason::Name,
                &[
                    "Name",
                    "First Name",
                    "last_name",
                    "Full name",
                    "RecipientFirstName",
                    "Vorname",
                    "Nom",
                    "Apellidos",
                    "What is your name?",
                    "Person Name",
                    "Username",
                    "Contact information: Name",
                    "person.name",
                ],
            ),
        ] {
            for name in names {
                assert_eq!(column(name), Some(kind), "{name}");
            }
        }
        for name in [
            "plan",
            "Product name",
            "Company name",
            "Survey name",
            "page",
            "Country",
            "Shipping",
            "Tip",
            "Microphone",
            "Tournament",
            "nominal",
            "Zip",
            "username policy",
            "Position",
            "name of the plan",
            "Mobile",
            "the mail",
        ] {
            assert_eq!(column(name), None, "{name}");
        }
    }

    #[test]
    fn cells_are_personal_by_content() {
        for (kind, text) in [
            (Reason::Email, "jo@example.org"),
            (Reason::Email, "Jo Doe <jo.doe+tea@mail.example.org>"),
            (Reason::Email, "mailto:jo@example.org"),
            (Reason::Ip, "192.0.2.10"),
            (Reason::Ip, "2001:db8::1"),
            (Reason::Ip, "::1"),
        ] {
            assert_eq!(cell(text), Some(kind), "{text}");
        }
        for text in [
            "",
            "pro",
            "@bob",
            "bob@",
            "me @ home",
            "a@b",
            "write to jo@example.org please",
            "1.2.3",
            "12:30",
            "300.1.1.1",
            "@",
        ] {
            assert_eq!(cell(text), None, "{text}");
        }
    }
}
