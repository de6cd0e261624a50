//! Files of other tools: how each is recognized, and what its columns are.
//!
//! All names are in lower case, with `|` between them. A column is ours by the first name of its
//! list that the file has.

use api::Mark;

use super::date_order::DateOrder;
use super::word_list;

/// Tool whose files are known.
#[derive(Debug)]
pub struct Preset {
    /// Its name in the API.
    pub name: &'static str,
    /// Sets of columns, one of which a file of the tool has whole.
    pub(super) signatures: &'static [&'static str],
    /// Our names of columns with those of the tool.
    pub(super) columns: &'static [(&'static str, &'static str)],
    /// Columns of the tool about itself, which are left out.
    pub(super) technical: &'static str,
    /// Most rows after the header that still belong to it.
    pub(super) more_header_rows: usize,
    /// Order of its dates, where the file does not show it.
    pub(super) order: Option<DateOrder>,
    /// Names of the column by which the tool leaves responses out of its score, and the mark of its
    /// values in lower case.
    pub(super) exclusion: Option<(&'static str, MarkOf)>,
}

/// Mark of the responses with a value.
pub(super) type MarkOf = fn(&str) -> Option<Mark>;

/// First columns of a file of Google Forms, in the language of the form.
const TIMESTAMPS: &str = "\
    timestamp|zeitstempel|horodateur|marca temporal|marca de tiempo|carimbo de data/hora|\
    informazioni cronologiche|tijdstempel|tidsstämpel|tidsstempel|sygnatura czasowa|zaman damgası|\
    отметка времени|позначка часу|časová značka|タイムスタンプ|时间戳记|時間戳記|타임스탬프";

/// The tools. The first that fits is taken, so what is told by fewer columns stands last.
#[rustfmt::skip]
pub static PRESETS: &[Preset] = &[
    Preset {
        name: "qualtrics",
        signatures: &["startdate|enddate|recordeddate", "responseid|recordeddate", "startdate|enddate|ipaddress"],
        columns: &[("id", "responseid"), ("at", "recordeddate|enddate|startdate"), ("lang", "userlanguage")],
        technical: "startdate|enddate|status|progress|duration (in seconds)|finished|externalreference|\
            locationlatitude|locationlongitude|distributionchannel|recordeddate",
        more_header_rows: 2,
        order: None,
        exclusion: Some(("status", qualtrics_status)),
    },
    Preset {
        name: "surveymonkey",
        signatures: &["respondent id|collector id", "respondent id|start date|end date"],
        columns: &[("id", "respondent id"), ("at", "end date|date modified|start date|date created")],
        technical: "collector id|start date|end date|date created|date modified",
        more_header_rows: 1,
        order: Some(DateOrder::MonthDayYear),
        exclusion: None,
    },
    Preset {
        name: "typeform",
        signatures: &["start date (utc)|submit date (utc)", "#|network id", "#|submit date (utc)"],
        columns: &[("id", "#|token"), ("at", "submit date (utc)|submitted at|stage date (utc)|start date (utc)")],
        technical: "network id|start date (utc)|stage date (utc)|submit date (utc)|response type|ending",
        more_header_rows: 0,
        order: None,
        exclusion: None,
    },
    Preset {
        name: "formbricks",
        signatures: &["response id|survey id", "formbricks id (internal)"],
        columns: &[("id", "response id"), ("at", "timestamp|created at"), ("page", "url"), ("lang", "language")],
        technical: "no.|finished|survey id|formbricks id (internal)|user id|notes",
        more_header_rows: 0,
        order: None,
        exclusion: None,
    },
    Preset {
        name: "posthog",
        signatures: &["properties.$survey_response", "$survey_response", "properties.$survey_id", "$survey_id"],
        columns: &[
            ("id", "uuid"), ("at", "timestamp|*.timestamp|created_at"),
            ("score", "properties.$survey_response|$survey_response"),
            ("comment", "properties.$survey_response_1|$survey_response_1"),
            ("page", "properties.$current_url|$current_url"),
        ],
        technical: "*|event|uuid|person|distinct_id|elements_chain|properties.$survey_id|$survey_id|\
            properties.$survey_name|$survey_name|properties.$survey_questions|properties.$lib|\
            created_at",
        more_header_rows: 0,
        order: None,
        exclusion: None,
    },
    Preset {
        name: "delighted",
        signatures: &["score|permalink", "score|survey type", "score|survey_type", "score|delighted source"],
        columns: &[
            ("id", "response id|survey response id|survey_response_id"),
            ("at", "responded at|response date|survey responded at|date responded|created at|created_at|updated at|date|timestamp"),
            ("comment", "comment|comments"),
            ("page", "delighted page url|delighted source url"),
            ("lang", "locale|language"),
        ],
        technical: "permalink|survey type|survey_type|person|person id|person_id|created at|created_at|\
            updated at|updated_at",
        more_header_rows: 0,
        order: None,
        exclusion: None,
    },
    Preset {
        name: "wootric",
        signatures: &["score|text|origin_url", "score|text|end_user_id", "nps score|feedback", "nps|feedback|end user", "score|feedback|created at", "score|feedback|origin url", "score|excluded_from_calculations"],
        columns: &[
            ("id", "response id|response_id"), ("score", "nps score|nps"), ("comment", "feedback|text|comment"),
            ("at", "created_at|created at|response date|responded at|date|survey date"), ("page", "origin_url|origin url"),
        ],
        technical: "end_user_id|end user id|end user|survey_id|completed|excluded_from_calculations|excluded from calculations|\
            created_at|updated_at|created at|updated at",
        more_header_rows: 0,
        order: None,
        exclusion: Some(("excluded_from_calculations|excluded from calculations", wootric_excluded)),
    },
    Preset {
        name: "google-forms",
        // Told by its first column only; see [`detect`].
        signatures: &[],
        columns: &[("at", TIMESTAMPS)],
        technical: "",
        more_header_rows: 0,
        order: None,
        exclusion: None,
    },
];

/// Our names of columns with those of a file that no known tool has written. A column is taken only
/// where its cells are what the name says. The score is not among them, for a wrong one would
/// count, and neither is `end date`, which may be that of a contract.
pub(super) const PLAIN_COLUMNS: &[(&str, &str)] = &[
    (
        "at",
        "responded at|responded_at|response date|response_date|date responded|submitted at|submitted_at|\
        submission date|date submitted|completed at|completed_at|date|datetime|date/time|created at|created_at|\
        datum|fecha|data|dato|dátum|tarih|дата|日付|日期|날짜|timestamp",
    ),
    (
        "comment",
        "comments|feedback|reason|kommentar|commentaire|comentario|comentário|commento|komentarz|opmerking",
    ),
];

/// Returns the mark of a response of Qualtrics by its status: a text, or a number in which each bit
/// is one of these texts.
fn qualtrics_status(status: &str) -> Option<Mark> {
    const TEST_BITS: u32 = 1 + 2;
    const SPAM_BIT: u32 = 8;
    let bits: u32 = status.parse().unwrap_or_default();
    if status.contains("spam") || bits & SPAM_BIT != 0 {
        Some(Mark::Spam)
    } else if status.contains("preview") || status.contains("test") || bits & TEST_BITS != 0 {
        Some(Mark::Test)
    } else {
        None
    }
}

/// Returns the mark of a response of Wootric that its owner has excluded.
fn wootric_excluded(value: &str) -> Option<Mark> {
    matches!(value, "true" | "t" | "yes" | "1").then_some(Mark::Spam)
}

/// Returns the tool of that name, or the error that names all.
pub(super) fn named(name: &str) -> Result<&'static Preset, String> {
    PRESETS.iter().find(|preset| preset.name == name).ok_or_else(|| {
        let names: Vec<&str> = PRESETS.iter().map(|preset| preset.name).collect();
        let shown: String = name.chars().take(40).collect();
        format!("Unknown tool `{shown}`. Expected one of: {}.", names.join(", "))
    })
}

/// Returns the tool that writes files with these columns, in lower case.
pub(super) fn detect(names: &[String]) -> Option<&'static Preset> {
    let has_all = |columns: &&'static str| {
        !word_list::any(columns, &mut |column| !names.iter().any(|name| name == column))
    };
    let is_form = names.first().is_some_and(|first| word_list::has(TIMESTAMPS, first));
    let fits = |preset: &&Preset| {
        preset.signatures.iter().any(has_all) || (preset.name == "google-forms" && is_form)
    };
    PRESETS.iter().find(fits)
}

/// Parts of the question for the score, in the languages of forms.
const RECOMMEND: &str = "\
    recommend|recommand|recomend|recomiend|raccomand|consigli|empfehl|empfiehl|aanbevel|aanrad|\
    rekommender|anbefal|suosittel|polec|doporuč|odporúč|ajánl|tavsiye|önerir|рекоменд|порекоменд|\
    συστήσ|薦め|勧め|すすめ|推荐|推薦|추천|nps score|net promoter";
/// Parts of the question for the comment.
const WHY: &str = "\
    why|reason|comment|feedback|improve|tell us more|better|open-ended|warum|wieso|grund|begründ|\
    verbesser|pourquoi|raison|améliorer|commentaire|por qué|motivo|razón|mejorar|por que|perché|\
    migliorare|waarom|reden|varför|hvorfor|почему|理由|为什么";

/// Whether a column asks for the score.
pub(super) fn asks_for_score(name: &str) -> bool {
    word_list::any(RECOMMEND, &mut |part| name.contains(part))
}

/// Whether a column asks for the comment.
pub(super) fn asks_for_comment(name: &str) -> bool {
    word_list::any(WHY, &mut |part| name.contains(part))
}
