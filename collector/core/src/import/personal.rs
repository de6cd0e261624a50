//! Columns and cells that say who a person is. An import leaves them out unless the owner names the
//! column, since a score needs none of it.

use std::net::IpAddr;

use super::left_out::Reason;
use super::word_list;

/// Parts of names of columns with an email address.
const EMAIL: &str =
    "email|e mail|e post|courriel|correo|posta elettronica|sähköposti|мейл|почт|メール|邮箱|邮件|이메일";
/// Parts of names of columns with a telephone number. Each begins a word.
const PHONE: &str = "\
    phone|telephon|telefon|telefoon|téléphone|teléfono|cellphone|handynummer|mobilnummer|whatsapp|\
    puhelin|телефон|τηλέφωνο|電話|电话|携帯|手机|전화|휴대폰";
/// Words for a telephone, which are others beside another word: a handy app, a mobile theme.
const PHONE_ALONE: &str = "tel|mobil|handy|móvil|movil|celular|cellulare|gsm|komórka|mobilní";
/// Parts of names of columns with the name of a person.
const PERSON: &str = "\
    fullname|firstname|lastname|surname|forename|vorname|nachname|kundenname|ansprechpartner|prénom|\
    prenom|apellido|cognome|sobrenome|apelido|voornaam|achternaam|förnamn|efternamn|fornavn|\
    etternavn|efternavn|etunimi|sukunimi|imię|nazwisko|soyad|příjmení|priezvisko|keresztnév|\
    vezetéknév|фамилия|прізвище|επώνυμο|お名前|氏名|姓名|성함|성명";
/// Words for a name, which is that of a thing beside another word: the name of a product.
const NAME_ALONE: &str = "\
    name|username|nom|nombre|nome|naam|namn|navn|nimi|nume|imie|jméno|meno|név|isim|adı|adınız|имя|\
    фио|ім|піб|όνομα|名前|名字|姓|名|이름";
/// Words that may be beside those.
const BESIDE: &str = "\
    optional|required|please|enter|the|your|of|what|is|whats|s|number|full|if|any|customer|contact|\
    ihr|ihre|dein|wie|ist|der|des|kunden|und|bitte|nummer|votre|quel|est|complet|du|client|et|\
    numéro|su|tu|cuál|es|completo|del|cliente|y|número|opcional|il|tuo|suo|qual|è|e|numero|o|seu|é|\
    do|uw|je|wat|ditt|dit|vad|hva|är|twoje|vaše|číslo|ваше|номер|я|το|任意|必須|您的";
/// Words before `name` that make it that of a person.
const WHOSE: &str = "\
    first|last|full|given|family|middle|your|person|contact|customer|respondent|recipient|user|\
    client|visitor|participant";

/// Returns the kind of personal data that a column has by its name.
pub(super) fn column(name: &str) -> Option<Reason> {
    let whole = words(name);
    // Of `Contact information: Name` and `person.name` the last part.
    let part = words(name.rsplit([':', '.', '–']).next().unwrap_or_default());
    [whole, part].iter().find_map(|words| by_words(words))
}

fn by_words(name: &str) -> Option<Reason> {
    let has_word = |known: &str| name.split(' ').any(|word| word == known);
    let mut is_email = |part: &str| name.contains(part) && (!part.contains(' ') || has_start(name, part));
    if word_list::any(EMAIL, &mut is_email) || name == "mail" {
        return Some(Reason::Email);
    }
    if has_word("ip") || has_word("ipaddress") || has_word("ipaddr") {
        return Some(Reason::Ip);
    }
    if word_list::any(PHONE, &mut |part| has_start(name, part))
        || name.ends_with("mobile number")
        || is_alone(name, PHONE_ALONE)
    {
        return Some(Reason::Phone);
    }
    let is_name = word_list::any(PERSON, &mut |part| name.contains(part))
        || is_alone(name, NAME_ALONE)
        || word_list::any(WHOSE, &mut |whose| {
            name.split(' ').zip(name.split(' ').skip(1)).any(|(word, next)| word == whose && next == "name")
        });
    is_name.then_some(Reason::Name)
}

/// Whether a name has one of these words, and no others but those of [`BESIDE`].
fn is_alone(name: &str, words: &'static str) -> bool {
    let mut is_any = false;
    let is_all = name.split(' ').all(|word| {
        let is_one = word_list::has(words, word);
        is_any |= is_one;
        is_one || word_list::has(BESIDE, word)
    });
    is_any && is_all
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
mod tests;
