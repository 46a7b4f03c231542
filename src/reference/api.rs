//! Routes of reference data: open to anyone, and the same until the next release, so cacheable.

use entity::value::AreaKind;
use poem_openapi::param::{Header, Path, Query};
use poem_openapi::types::{ParseFromJSON, ToJSON, Type};
use poem_openapi::{ApiResponse, OpenApi};

use super::wire::{AreasOut, FrameworkOut, FrameworksOut, PayFrameworksOut, RolesOut, VocabulariesOut, VocabularyOut};
use super::{area, vocabulary};
use crate::base::error::ApiError;
use crate::base::json::Json;
use crate::base::tags::Tags;

/// An answer that stays the same until the next release.
#[derive(ApiResponse)]
pub enum Lasting<T: Type + ParseFromJSON + ToJSON + Send + Sync> {
    #[oai(status = 200)]
    Whole(Json<T>, #[oai(header = "etag")] String, #[oai(header = "cache-control")] String),
    /// What the client holds is still right
    #[oai(status = 304)]
    Unchanged(#[oai(header = "etag")] String, #[oai(header = "cache-control")] String),
}

type Answer<T> = Result<Lasting<T>, ApiError>;
type IfNoneMatch = Header<Option<String>>;

/// Browsers may keep it this long before they ask again.
const CACHE: &str = "public, max-age=600";

fn lasting<T: Type + ParseFromJSON + ToJSON + Send + Sync>(
    if_none_match: &IfNoneMatch,
    whole: impl FnOnce() -> Option<T>,
    what: &str,
) -> Answer<T> {
    let tag = format!("\"{}\"", vocabulary::fingerprint());
    let held = if_none_match.0.as_deref().unwrap_or_default();
    let whole = whole().ok_or_else(|| ApiError::not_found(what))?;
    if held.split(',').any(|held| held.trim().trim_start_matches("W/") == tag) {
        return Ok(Lasting::Unchanged(tag, CACHE.to_owned()));
    }
    Ok(Lasting::Whole(Json(whole), tag, CACHE.to_owned()))
}

/// The whole of a vocabulary by its id.
fn whole(if_none_match: &IfNoneMatch, id: &str) -> Answer<VocabularyOut> {
    lasting(if_none_match, || vocabulary::get(id).map(VocabularyOut::from), "this vocabulary")
}

pub struct ReferenceApi;

#[OpenApi(tag = "Tags::Reference", prefix_path = "/reference")]
impl ReferenceApi {
    /// Health boards, councils, Alcohol and Drug Partnerships and Scotland, with their dated links
    #[oai(path = "/areas", method = "get", operation_id = "list_areas")]
    async fn areas(
        &self,
        #[oai(name = "If-None-Match")] if_none_match: IfNoneMatch,
        kind: Query<Option<AreaKind>>,
    ) -> Answer<AreasOut> {
        let items = || area::all().areas.iter().filter(|area| kind.0.is_none_or(|kind| area.kind == kind));
        let whole = || AreasOut {
            version: area::VERSION.to_owned(),
            source: area::SOURCE.to_owned(),
            items: items().map(Into::into).collect(),
        };
        lasting(&if_none_match, || Some(whole()), "these areas")
    }

    /// Roles in their families, with register and the framework level usually expected
    #[oai(path = "/roles", method = "get", operation_id = "list_roles")]
    async fn roles(&self, #[oai(name = "If-None-Match")] if_none_match: IfNoneMatch) -> Answer<RolesOut> {
        let roles = || Some(RolesOut::new(vocabulary::get("role")?, vocabulary::get("role_family")?));
        lasting(&if_none_match, roles, "the roles")
    }

    /// Topics of the catalogue in two levels
    #[oai(path = "/topics", method = "get", operation_id = "list_topics")]
    async fn topics(&self, #[oai(name = "If-None-Match")] if_none_match: IfNoneMatch) -> Answer<VocabularyOut> {
        whole(&if_none_match, "topic")
    }

    /// Frameworks of knowledge and skills, MAT standards and trauma levels
    #[oai(path = "/frameworks", method = "get", operation_id = "list_frameworks")]
    async fn frameworks(&self, #[oai(name = "If-None-Match")] if_none_match: IfNoneMatch) -> Answer<FrameworksOut> {
        let get = vocabulary::get;
        let all = || {
            let (themes, levels) = (get("theme")?, get("level")?);
            let (mat, trauma) = (get("mat_standard")?, get("trauma_level")?);
            let items = vec![
                FrameworkOut::new("knowledge_and_skills", themes, Some(themes), Some(levels)),
                FrameworkOut::new("mat_standards", mat, Some(mat), None),
                FrameworkOut::new("trauma", trauma, None, Some(trauma)),
            ];
            Some(FrameworksOut { items })
        };
        lasting(&if_none_match, all, "the frameworks")
    }

    /// Sectors of employers
    #[oai(path = "/sectors", method = "get", operation_id = "list_sectors")]
    async fn sectors(&self, #[oai(name = "If-None-Match")] if_none_match: IfNoneMatch) -> Answer<VocabularyOut> {
        whole(&if_none_match, "sector")
    }

    /// Types of service, each with its usual tier
    #[oai(path = "/service-types", method = "get", operation_id = "list_service_types")]
    async fn service_types(&self, #[oai(name = "If-None-Match")] if_none_match: IfNoneMatch) -> Answer<VocabularyOut> {
        whole(&if_none_match, "service_type")
    }

    /// Pay frameworks with their full-time hours by date
    #[oai(path = "/pay-frameworks", method = "get", operation_id = "list_pay_frameworks")]
    async fn pay_frameworks(
        &self,
        #[oai(name = "If-None-Match")] if_none_match: IfNoneMatch,
    ) -> Answer<PayFrameworksOut> {
        let all = || vocabulary::get("pay_framework").map(PayFrameworksOut::new);
        lasting(&if_none_match, all, "the pay frameworks")
    }

    /// Every vocabulary, without its terms
    #[oai(path = "/vocabularies", method = "get", operation_id = "list_vocabularies")]
    async fn vocabularies(&self, #[oai(name = "If-None-Match")] if_none_match: IfNoneMatch) -> Answer<VocabulariesOut> {
        let items = || vocabulary::all().iter().map(Into::into).collect();
        lasting(&if_none_match, || Some(VocabulariesOut { items: items() }), "the vocabularies")
    }

    /// One vocabulary with its terms
    #[oai(path = "/vocabularies/:id", method = "get", operation_id = "get_vocabulary")]
    async fn vocabulary(
        &self,
        #[oai(name = "If-None-Match")] if_none_match: IfNoneMatch,
        /// As in the list of vocabularies, such as `tier` or `delivery`
        id: Path<String>,
    ) -> Answer<VocabularyOut> {
        whole(&if_none_match, &id)
    }
}
