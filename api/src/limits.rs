//! Limits of what is exchanged: the one table of them.

/// Longest response update as JSON in UTF-8, in bytes, once its context fields have been cut.
///
/// A visitor's own words take less: 5,000 + 5 × 1,000 + 200 characters of at most 6 bytes (a
/// control character, as JSON escapes it) and some names. What exceeds the limit are always context
/// fields, and they are left out.
pub const MAX_UPDATE_BYTES: usize = 65_536;
/// Most response updates in one request.
pub const MAX_UPDATES: usize = 50;
/// Longest comment, in characters.
pub const MAX_COMMENT: usize = 5_000;
/// Longest path of a page, in characters.
pub const MAX_PAGE: usize = 500;
/// Longest language tag, in characters.
pub const MAX_LANG: usize = 35;
/// Most properties of one response.
pub const MAX_PROPERTIES: usize = 20;
/// Longest name of a property, in characters.
pub const MAX_PROPERTY_NAME: usize = 64;
/// Longest value of a property, in characters.
pub const MAX_PROPERTY_VALUE: usize = 200;
/// Longest contact, in characters.
pub const MAX_CONTACT: usize = 200;
/// Longest user, in characters. A longer one is never cut: the rest would be the name of another
/// person.
pub const MAX_USER: usize = 1_000;
/// Most follow-up questions that one response answers.
pub const MAX_ANSWERS: usize = 5;
/// Longest free-text answer to a follow-up question, in characters.
pub const MAX_ANSWER: usize = 1_000;

/// Longest slug, in characters: the name of a variant, the key of a follow-up question or of an
/// option.
pub const MAX_SLUG: usize = 40;
/// Largest survey settings as JSON without defaults, in bytes.
pub const MAX_SURVEY_BYTES: usize = 24 * 1024;
/// Longest question in the owner's words, in characters.
pub const MAX_QUESTION: usize = 300;
/// Longest text of the owner's other than a question, in characters.
pub const MAX_TEXT: usize = 200;
/// Longest text of a button or of an end of the scale, in characters.
pub const MAX_CAPTION: usize = 60;
/// Most follow-up questions of a survey.
pub const MAX_FOLLOW_UPS: usize = 2;
/// Longest follow-up question, in characters.
pub const MAX_FOLLOW_UP_QUESTION: usize = 200;
/// Fewest options of a follow-up question.
pub const MIN_OPTIONS: usize = 2;
/// Most options of a follow-up question, and of an answer to one.
pub const MAX_OPTIONS: usize = 10;
/// Longest label of an option or a link, in characters.
pub const MAX_LABEL: usize = 100;
/// Longest URL in the survey settings, in characters.
pub const MAX_URL: usize = 500;
/// Longest glob, in characters.
pub const MAX_GLOB: usize = 200;
/// Most `*` and `**` of a glob: more say nothing that two globs would not say better.
pub const MAX_STARS: usize = 4;
/// Most globs of either list of pages.
pub const MAX_GLOBS: usize = 50;
/// Longest CSS selector, in characters.
pub const MAX_SELECTOR: usize = 200;
/// Largest radius of the card's corners, in CSS pixels.
pub const MAX_RADIUS: u16 = 24;
/// Longest name of an event, in characters.
pub const MAX_EVENT: usize = 60;

/// Longest name of a site, in characters.
pub const MAX_SITE_NAME: usize = 100;
/// Most declared properties of a site, besides `channel`.
pub const MAX_DECLARED: usize = 8;
/// Longest retention of responses, in months.
pub const MAX_RETENTION_MONTHS: u16 = 120;
/// Longest retention of contacts, in days.
pub const MAX_CONTACT_DAYS: u16 = 730;
/// Most new text of visitors in a day, in megabytes.
pub const MAX_TEXT_MB_PER_DAY: u16 = 10_000;
/// Most automatic notes that are hidden.
pub const MAX_HIDDEN_NOTES: usize = 100;
/// Longest key of an automatic note, in characters.
pub const MAX_NOTE_KEY: usize = 64;

/// Longest `range` of a score query, in days: ten years and a week.
pub const MAX_RANGE_DAYS: u16 = 3_660;
/// Longest `rolling` of a score query, in days: a leap year.
pub const MAX_ROLLING_DAYS: u16 = 366;
/// Longest value of a filter, in characters: that of a page.
pub const MAX_FILTER_VALUE: usize = MAX_PAGE;
