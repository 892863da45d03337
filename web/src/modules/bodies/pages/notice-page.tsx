import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { clientFor, type Failure, readFailure } from '#platform/client';
import { FailureState, ListSkeleton, Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useSessionFacts } from '#platform/session';
import { links } from '#platform/shell';
import { OpenNotice } from '../documents';
import { sessionTexts } from '../live/texts';

/**
 * The personal link of a notice. Its token begins with the organization ("federation.yZs5…"), which
 * is asked first; if that has another name by now, the viewer's others are.
 */
export default function NoticePage(props: { token: string }) {
  const t = useTexts(sessionTexts);
  const navigate = useNavigate();
  const facts = useSessionFacts();
  const asked = useRef(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [unknown, setUnknown] = useState(false);

  useEffect(() => {
    // Once per visit, also in strict mode: the link counts as followed.
    if (asked.current || !facts?.viewer) return;
    asked.current = true;
    const named = props.token.split('.')[0];
    const slugs = facts.viewer.tenants
      .map(({ tenant }) => tenant.slug)
      .sort((a, b) => Number(b === named) - Number(a === named));
    void (async () => {
      let last: Failure | null = null;
      for (const slug of slugs) {
        const answer = await clientFor(slug)
          .mutation(OpenNotice, { token: props.token })
          .toPromise();
        const session = answer.data?.openNotice;
        if (session) {
          await navigate({ ...links.session(slug, session.id), replace: true });
          return;
        }
        if (answer.error) {
          const heard = readFailure(answer.error);
          if (heard.code === 'NETWORK' || heard.code === 'UNAVAILABLE') last = heard;
        }
      }
      if (last) setFailure(last);
      else setUnknown(true);
    })();
  }, [facts, navigate, props.token]);

  return (
    <main id="main" style={{ maxWidth: 640, margin: '48px auto', padding: '0 16px' }}>
      {failure && <FailureState failure={failure} />}
      {unknown && (
        <Note tone="bad" title={t.noticeUnknownTitle}>
          {t.noticeUnknownText(facts?.viewer?.account.email ?? '')}
        </Note>
      )}
      {!failure && !unknown && <ListSkeleton rows={5} />}
    </main>
  );
}
