//! Recipes: where the tag goes on each kind of site.

use super::Tag;

/// Kind of site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Pages or templates of one's own.
    Html,
    /// Google Tag Manager.
    TagManager,
    /// WordPress.
    WordPress,
    /// Shopify.
    Shopify,
    /// Next.js.
    Next,
}

/// Steps and code for one kind of site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recipe {
    /// Steps in their order.
    pub steps: Vec<&'static str>,
    /// Name of the code.
    pub label: &'static str,
    /// Code to paste.
    pub code: String,
    /// Something that surprises on this kind of site.
    pub note: &'static str,
}

impl Platform {
    /// Every kind of site, in the order of the tabs.
    pub const ALL: [Self; 5] = [Self::Html, Self::TagManager, Self::WordPress, Self::Shopify, Self::Next];

    /// Returns the label of the tab.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Html => "HTML",
            Self::TagManager => "Google Tag Manager",
            Self::WordPress => "WordPress",
            Self::Shopify => "Shopify",
            Self::Next => "Next.js",
        }
    }

    /// Returns the recipe with the tag of a site.
    pub fn recipe(self, tag: &Tag) -> Recipe {
        let loader = tag.loader();
        match self {
            Self::Html => Recipe {
                steps: vec![
                    "Open the template that all your pages share.",
                    "Paste this line before </head>. It loads in the background and delays nothing.",
                    "Publish the page and open it once.",
                ],
                label: "Tag",
                code: tag.html(),
                note: "In a single-page application the line stands once in the first page. Each new path \
                       counts as a page view.",
            },
            Self::TagManager => Recipe {
                steps: vec![
                    "Create a tag of the type Custom HTML.",
                    "Paste this code, and choose the trigger All Pages or your consent trigger.",
                    "Publish the container.",
                ],
                label: "Custom HTML",
                code: format!(
                    "<script>\n  (function () {{\n    var tag = document.createElement(\"script\");\n    \
                     tag.async = true;\n    tag.src = \"{loader}\";\n    document.head.appendChild(tag);\n  \
                     }})();\n</script>"
                ),
                note: "Tag Manager drops data- attributes of a script tag. Set them here in place of that, \
                       such as tag.dataset.lang = \"de\".",
            },
            Self::WordPress => Recipe {
                steps: vec![
                    "Open functions.php of your child theme, or add a PHP snippet with a snippet plugin.",
                    "Paste this code at the end.",
                    "Empty the cache of your cache plugin.",
                ],
                label: "PHP for functions.php",
                code: format!(
                    "add_action('wp_enqueue_scripts', function () {{\n    wp_enqueue_script('grapevine', \
                     '{loader}', [], null, ['strategy' => 'async']);\n}});"
                ),
                note: "A plugin that delays JavaScript until the first click delays the survey too. Exclude \
                       this address there.",
            },
            Self::Shopify => Recipe {
                steps: vec![
                    "In the admin open Online Store, Themes, and Edit code of your theme.",
                    "Open layout/theme.liquid and paste this line before </head>.",
                    "Save, and open your shop once.",
                ],
                label: "Line for theme.liquid",
                code: tag.html(),
                note: "The checkout does not use the theme, so nobody is asked there.",
            },
            Self::Next => Recipe {
                steps: vec![
                    "Open app/layout.tsx.",
                    "Add the import, and the Script element at the end of the body.",
                    "Deploy. Each new route counts as a page view.",
                ],
                label: "app/layout.tsx",
                code: format!(
                    "import Script from \"next/script\";\n\n\
                     type Props = {{ children: React.ReactNode }};\n\n\
                     export default function RootLayout({{ children }}: Props) {{\n  \
                     return (\n    <html lang=\"en\">\n      <body>\n        {{children}}\n        \
                     <Script src=\"{loader}\" strategy=\"afterInteractive\" />\n      \
                     </body>\n    </html>\n  );\n}}"
                ),
                note: "With a nonce in your policy, pass it as the nonce property of Script.",
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_recipe_loads_the_site_from_this_collector() {
        for site in ["c3g9djcng4aa7xjq626e", "eu-3v7p1b2qk9r4m8x0y5z6"] {
            let tag = Tag::new("https://shop.example/feedback/?view=install", site);
            for platform in Platform::ALL {
                let recipe = platform.recipe(&tag);
                let loader = format!("https://shop.example/feedback/e/{site}.js");
                assert_eq!(recipe.code.matches(&loader).count(), 1, "{platform:?}: {}", recipe.code);
                assert_eq!(recipe.steps.len(), 3);
                let pairs = [('{', '}'), ('(', ')'), ('[', ']'), ('<', '>')];
                for (open, close) in pairs {
                    let count = |sign| recipe.code.replace("=>", "").matches(sign).count();
                    assert_eq!(count(open), count(close), "{platform:?}: {open} {}", recipe.code);
                }
            }
        }
    }
}
