//! What is open ends when the right to it does.
//!
//! Every subscription is watched from outside, whichever module it is of: when its caller loses a role, access or the
//! sign-in behind it, or the organization switches a module off, it is told so and ends. A change is pushed by whoever makes it and heard on every server; the end
//! of a role's term is known beforehand. Nothing is asked again and again.

use std::{pin::Pin, sync::Arc, time::Duration};

use async_graphql::{
    Response, ServerError,
    extensions::{Extension, ExtensionContext, ExtensionFactory, NextSubscribe},
};
use chrono::{DateTime, Utc};
use futures_util::{
    FutureExt, Stream, StreamExt,
    stream::{self, BoxStream},
};
use plenum_authz::{Grant, Viewer};
use plenum_db::Db;
use plenum_live::{Live, Topic};

use crate::{Refusal, RequestScope};

/// A term that ends later than this is looked at again before.
const LONGEST_WAIT: Duration = Duration::from_secs(24 * 60 * 60);

/// Watches over subscriptions; the schema has it as an extension, and [`Db`] and [`Live`] as data.
pub struct Withdrawal;

impl ExtensionFactory for Withdrawal {
    fn create(&self) -> Arc<dyn Extension> {
        Arc::new(Self)
    }
}

impl Extension for Withdrawal {
    fn subscribe<'s>(
        &self,
        ctx: &ExtensionContext<'_>,
        stream: BoxStream<'s, Response>,
        next: NextSubscribe<'_>,
    ) -> BoxStream<'s, Response> {
        let answers = next.run(ctx, stream);
        let scope = ctx.data_opt::<Arc<RequestScope>>().cloned();
        let (Some(scope), Some(live), Some(db)) =
            (scope, ctx.data_opt::<Live>().cloned(), ctx.data_opt::<Db>().cloned())
        else {
            return answers;
        };
        let watched = Watched { answers, scope, live, db, standing: Standing::Unknown };
        stream::unfold(Some(watched), |watched| async { watched?.next().await }).boxed()
    }
}

/// What is known of the caller.
enum Standing {
    /// Nothing yet.
    Unknown,
    /// There is nobody to lose anything: the field itself refuses, or is open to all.
    Nobody,
    /// Somebody, and the news of them.
    Somebody { viewer: Box<Viewer>, news: Pin<Box<dyn Stream<Item = ()> + Send>> },
}

/// A subscription and its caller.
struct Watched<'s> {
    answers: BoxStream<'s, Response>,
    scope: Arc<RequestScope>,
    live: Live,
    db: Db,
    standing: Standing,
}

impl Watched<'_> {
    async fn next(mut self) -> Option<(Response, Option<Self>)> {
        if matches!(self.standing, Standing::Unknown) {
            self.standing = match self.begin().await {
                Ok(standing) => standing,
                Err(refusal) => return Some((last(refusal), None)),
            };
        }
        loop {
            let Standing::Somebody { viewer, news } = &mut self.standing else {
                let answer = self.answers.next().await?;
                return Some((answer, Some(self)));
            };
            let answer = tokio::select! {
                // What was withdrawn before an answer was made comes before the answer.
                biased;
                Some(()) = news.next() => None,
                () = end_of_term(viewer, self.db.clock().now()) => None,
                answer = self.answers.next() => Some(answer?),
            };
            // News may have come while the answer was made: then it may not be theirs any more.
            let changed = answer.is_none() || news.next().now_or_never().flatten().is_some();
            if changed && let Err(refusal) = self.look_again().await {
                return Some((last(refusal), None));
            }
            if let Some(answer) = answer {
                return Some((answer, Some(self)));
            }
        }
    }

    async fn begin(&mut self) -> Result<Standing, Refusal> {
        let viewer = self.scope.resolve().await?.and_then(|signed_in| signed_in.viewer);
        Ok(match viewer.as_ref().and_then(Viewer::account).zip(viewer.as_ref()) {
            // Watched before the first look, which the watching itself asks for: nothing falls between.
            Some((account, viewer)) => {
                Standing::Somebody {
                    viewer: Box::new(viewer.clone()),
                    news: Box::pin(self.live.watch_any(vec![
                        Topic::access(viewer.tenant, account),
                        Topic::own_roles(viewer.tenant),
                    ])),
                }
            }
            None => Standing::Nobody,
        })
    }

    /// Looks who the caller is now, and refuses when they may less than before.
    async fn look_again(&mut self) -> Result<(), Refusal> {
        let Standing::Somebody { viewer, news } = &mut self.standing else { return Ok(()) };
        // One look answers all news until now.
        while let Some(Some(())) = news.next().now_or_never() {}
        self.scope.forget();
        // An answer that is being made may be in the middle of its own look, and goes on only after this one.
        let signed_in = self.scope.look().await?.ok_or_else(Refusal::unauthenticated)?;
        let now = signed_in.viewer.ok_or_else(Refusal::not_found)?;
        let lost = viewer.grants.iter().any(|before| !now.grants.iter().any(|after| keeps(before, after)));
        if lost || now.off.exceed(&viewer.off) {
            return Err(Refusal::forbidden("access_changed"));
        }
        **viewer = now;
        Ok(())
    }
}

/// Whether a grant still gives what another gave.
fn keeps(before: &Grant, after: &Grant) -> bool {
    let same = before.role == after.role && before.scope == after.scope;
    same && match (&before.own, &after.own) {
        (Some(before_own), Some(after_own)) => {
            before_own.permissions(&before.role).is_subset(&after_own.permissions(&after.role))
        }
        (before_own, after_own) => before_own.is_none() && after_own.is_none(),
    }
}

/// Ends when the first of the viewer's roles does; never without such.
async fn end_of_term(viewer: &Viewer, now: DateTime<Utc>) {
    match viewer.grants.iter().filter_map(|grant| grant.until).min() {
        Some(until) => {
            let wait = (until - now).to_std().unwrap_or_default();
            tokio::time::sleep(wait.min(LONGEST_WAIT)).await;
        }
        None => std::future::pending().await,
    }
}

/// The last thing that a subscription says.
fn last(refusal: Refusal) -> Response {
    let error: async_graphql::Error = refusal.into();
    let mut whole = ServerError::new(error.message, None);
    whole.extensions = error.extensions;
    Response::from_errors(vec![whole])
}
