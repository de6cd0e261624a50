//! Whatever an owner may set comes back as it was set, and globs mean what they say.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use api::Survey;
use api::{
    language::{LANGUAGES, Lang},
    survey::{
        AnswerKind, Audience, ChoiceOption, ConsentSettings, Contact, Corner, FollowUp, Font, Glob,
        LocalizedText, Mode, PageRules, Part, Recontact, STANDARD, Scheme, Storage, Texts, Thanks,
        ThanksLink, Theme, Trigger,
    },
};
use nps::Category;
use proptest::collection::{btree_map, vec};
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// A line of text as an owner may write it, at most 60 characters.
fn line() -> impl Strategy<Value = String> {
    "[\\PC]{0,30}[a-zé字\"\\\\<~/][\\PC]{0,29}".prop_filter("blank", |text| !text.trim().is_empty())
}

fn key() -> impl Strategy<Value = String> {
    "[a-z0-9_-]{1,40}"
}

fn lang() -> impl Strategy<Value = Lang> {
    select(&LANGUAGES[..]).prop_map(|tag| Lang::parse(tag).unwrap())
}

fn words() -> impl Strategy<Value = LocalizedText> {
    prop_oneof![
        line().prop_map(LocalizedText::Same),
        btree_map(lang(), line(), 1..4).prop_map(LocalizedText::PerLanguage)
    ]
}

fn texts(standard: bool) -> impl Strategy<Value = Texts> {
    vec((lang(), select(Part::ALL), line()), 0..8).prop_map(move |own| {
        let mut texts = Texts::default();
        for (lang, part, text) in own {
            if part != Part::Question || !standard {
                texts.set(lang, part, text);
            }
        }
        texts
    })
}

fn categories() -> impl Strategy<Value = Audience> {
    (1..8_u8).prop_map(|bits| {
        let bit = |category| match category {
            Category::Promoter => 1,
            Category::Passive => 2,
            Category::Detractor => 4,
        };
        Audience::new(|category| bits & bit(category) != 0).unwrap()
    })
}

fn follow_ups() -> impl Strategy<Value = Vec<FollowUp>> {
    let choice = (btree_map(key(), words(), 2..11), any::<bool>()).prop_map(|(options, multiple)| {
        let options = options.into_iter().map(|(key, label)| ChoiceOption { key, label }).collect();
        AnswerKind::Choice { options, multiple }
    });
    let answer = prop_oneof![Just(AnswerKind::Text), choice];
    btree_map(key(), (words(), answer, categories()), 0..3).prop_map(|questions| {
        let question = |(key, (question, answer, audience))| FollowUp { key, question, answer, audience };
        questions.into_iter().map(question).collect()
    })
}

fn url() -> impl Strategy<Value = String> {
    "(https://[a-zé0-9-]{1,9}(\\.[a-z]{2,5}){0,2}(:[1-9][0-9]{0,3})?|http://localhost|http://127\\.0\\.0\\.1:8788)(/[!-~&&[^\"<>\\\\^`{|}]]{0,40})?"
}

fn thanks() -> impl Strategy<Value = Thanks> {
    let link = || option::of((url(), words()).prop_map(|(url, label)| ThanksLink { url, label }));
    (link(), link(), link()).prop_map(|(promoter, passive, detractor)| Thanks {
        promoter,
        passive,
        detractor,
    })
}

fn theme() -> impl Strategy<Value = Theme> {
    (option::of("#[0-9a-f]{6}"), 0..=24_u16, select(Scheme::ALL), select(Font::ALL))
        .prop_map(|(accent, radius, scheme, font)| Theme { accent, radius, scheme, font })
}

fn mode() -> impl Strategy<Value = Mode> {
    let quoted = |text: String| text.replace('\\', "\\\\").replace('"', "\\\"");
    let inline =
        line().prop_map(move |text| Mode::Inline { target: format!("[title=\"{}\"]", quoted(text)) });
    prop_oneof![Just(Mode::Card), Just(Mode::Bar), Just(Mode::Tab), inline]
}

fn trigger() -> impl Strategy<Value = Trigger> {
    prop_oneof![
        Just(Trigger::Delay),
        (1..=100_u16).prop_map(|percent| Trigger::Scroll { percent }),
        Just(Trigger::Exit),
        "[a-zA-Z0-9_.:-]{1,60}".prop_map(|name| Trigger::Event { name }),
        Just(Trigger::Manual),
    ]
}

fn pages() -> impl Strategy<Value = PageRules> {
    let globs =
        || vec(r"(/[a-zé ]{0,3}\*{0,2}[a-z]{0,3}){1,4}".prop_map(|text| Glob::parse(&text).unwrap()), 0..6);
    (globs(), globs()).prop_map(|(include, exclude)| PageRules { include, exclude })
}

fn recontact() -> impl Strategy<Value = Recontact> {
    (90..=730_u16, 7..=365_u16, 1..=10_u16, 0..=365_u16, 1..=12_u16, 1..=20_u16).prop_map(
        |(answered_days, dismissed_days, ignored_times, ignored_days, per_year, first_view)| Recontact {
            answered_days,
            dismissed_days,
            ignored_times,
            ignored_days,
            per_year,
            first_view,
        },
    )
}

fn survey() -> impl Strategy<Value = Survey> {
    let variant = prop_oneof![
        Just((STANDARD.to_owned(), None)),
        (key(), line().prop_map(Some)).prop_filter("standard", |(variant, _)| variant != STANDARD),
    ];
    let variant = variant.prop_flat_map(|(variant, question)| {
        let texts = texts(variant == STANDARD);
        (Just(variant), Just(question), texts)
    });
    let asked = (variant, 0..=3_600_u32, follow_ups(), thanks(), prop::array::uniform2(option::of(url())));
    let look = (theme(), mode(), select(Corner::ALL));
    let sampling = prop_oneof![Just(0.0), Just(1.0), 0.0..1.0_f64];
    let rules = (trigger(), pages(), recontact(), sampling, select(Storage::ALL));
    let contact = (any::<bool>(), categories()).prop_map(|(ask, audience)| Contact { ask, audience });
    (asked, look, rules, contact, any::<[bool; 4]>()).prop_map(|(asked, look, rules, contact, flags)| {
        let ((variant, question, texts), delay_seconds, follow_ups, thanks, [privacy_url, logo_url]) = asked;
        let (theme, mode, corner) = look;
        let (trigger, pages, recontact, sampling, storage) = rules;
        let [quote, reference, respect_gpc, respect_dnt] = flags;
        Survey {
            variant,
            question,
            delay_seconds,
            texts,
            follow_ups,
            thanks,
            consents: ConsentSettings { quote, reference },
            contact,
            privacy_url,
            logo_url,
            theme,
            mode,
            corner,
            trigger,
            pages,
            recontact,
            sampling,
            storage,
            respect_gpc,
            respect_dnt,
        }
    })
}

proptest! {
    // Enough that each setting is seen at many values; more take seconds.
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_setting_round_trips_through_the_owner_view(survey in survey()) {
        prop_assert_eq!(Survey::read(&survey.complete(), ""), Ok(survey));
    }

    #[test]
    fn the_stored_form_round_trips(survey in survey()) {
        let value = serde_json::to_value(&survey).unwrap();
        prop_assert_eq!(serde_json::from_value::<Survey>(value.clone()).unwrap(), survey.clone());
        prop_assert_eq!(Survey::read(&value, ""), Ok(survey));
    }

    #[test]
    fn the_stored_form_omits_every_default(survey in survey()) {
        // What is left of a survey in which everything is at its default but one member.
        let short = |survey: &Survey| serde_json::to_value(survey).unwrap();
        let theme = Survey { theme: survey.theme.clone(), ..Survey::default() };
        let pages = Survey { pages: survey.pages.clone(), ..Survey::default() };
        let recontact = Survey { recontact: survey.recontact, ..Survey::default() };
        for (one, name) in [(theme, "theme"), (pages, "pages"), (recontact, "recontact")] {
            let expected = if one == Survey::default() { None } else { short(&survey).get(name).cloned() };
            prop_assert_eq!(short(&one).get(name).cloned(), expected);
            prop_assert!(!short(&one).to_string().contains("null"));
        }
    }
}
