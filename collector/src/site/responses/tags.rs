//! `GET …/tags`: the tags that the owner gave, each with its number of responses.

use crate::http::{ApiResult, Problem, Response};
use crate::site::jobs::tag_index;
use crate::site::state::SiteState;

/// The most tags that are listed.
const MAX_LISTED: i32 = 500;

/// Lists the most frequent tags. Responses with a mark do not count.
pub fn list(site: &SiteState) -> ApiResult<Response> {
    if !tag_index::is_complete(&site.database)? {
        return Err(Problem::not_indexed("tags"));
    }
    let query = "SELECT json_object('tags', json_group_array(json_object('tag', tag, 'responses', n))) \
        FROM (SELECT tag, count(*) AS n FROM tagged JOIN response ON response.id = tagged.response \
            WHERE mark IS NULL GROUP BY tag ORDER BY n DESC, tag LIMIT ?)";
    site.database.json_response(200, query, vec![MAX_LISTED.into()])
}
