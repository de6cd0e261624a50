//! Links under the thanks.

use nps::Category;
use serde_json::Value;

use super::audience::CATEGORIES;
use super::localized_text::LocalizedText;
use super::object_writer::ObjectWriter;
use super::url;
use crate::limits::MAX_LABEL;
use crate::validation::{Errors, ObjectReader};

/// A link under the thanks: to a review page, a shop, a support form.
#[derive(Debug, Clone, PartialEq)]
pub struct ThanksLink {
    /// Target of the link; [`is_url`](super::is_url) holds.
    pub url: String,
    /// Label that the visitor reads.
    pub label: LocalizedText,
}

/// The link that each category finds under its thanks. What they read above it is among
/// [`Texts`](super::Texts).
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Thanks {
    /// For promoters.
    pub promoter: Option<ThanksLink>,
    /// For passives.
    pub passive: Option<ThanksLink>,
    /// For detractors.
    pub detractor: Option<ThanksLink>,
}

impl Thanks {
    /// The link for a category.
    pub const fn link_for(&self, category: Category) -> Option<&ThanksLink> {
        match category {
            Category::Promoter => self.promoter.as_ref(),
            Category::Passive => self.passive.as_ref(),
            Category::Detractor => self.detractor.as_ref(),
        }
    }

    pub(super) fn read(reader: &ObjectReader, errors: &mut Errors) -> Self {
        let thanks = reader.object(errors, "thanks", &["promoter", "passive", "detractor"]);
        let [promoter, passive, detractor] = CATEGORIES.map(|category| {
            let link = thanks.object(errors, category.as_str(), &["link"]);
            link.get("link")?;
            let link = link.object(errors, "link", &["url", "label"]);
            if !link.is_present() {
                return None;
            }
            let before = errors.len();
            let url = url::read(&link, errors, "url");
            if url.is_none() && errors.len() == before {
                link.error(errors, "url", "Must be given: the address to which the link leads.");
            }
            let label = LocalizedText::read(&link, errors, "label", MAX_LABEL);
            Some(ThanksLink { url: url?, label: label? })
        });
        Self { promoter, passive, detractor }
    }

    pub(super) fn write(&self, out: &mut ObjectWriter) {
        out.within("thanks", |out| {
            for category in CATEGORIES {
                let link = self.link_for(category).map(|link| {
                    out.object(|out| {
                        out.always("url", link.url.as_str());
                        out.always("label", &link.label);
                    })
                });
                out.within(category.as_str(), |out| out.put("link", link, Value::Null));
            }
        });
    }
}
