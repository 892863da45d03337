import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { clientFor, type Failure, readFailure } from '#platform/client';
import { FailureState, ListSkeleton, Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { useSessionFacts } from '#platform/session';
import { links } from '#platform/shell';
import { learningFailure } from '../components/failures';
import { AcceptInvitation } from '../documents';
import { learningTexts } from '../texts';

/**
 * The link of an invitation enrols whoever follows it. Its token begins with the organization,
 * which is asked first; if that has another name by now, the viewer's others are.
 */
export default function InvitationPage(props: { token: string }) {
  const t = useTexts(learningTexts);
  const navigate = useNavigate();
  const facts = useSessionFacts();
  const asked = useRef(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [unknown, setUnknown] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);

  useEffect(() => {
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
          .mutation(AcceptInvitation, { token: props.token })
          .toPromise();
        const enrolment = answer.data?.acceptCourseInvitation;
        if (enrolment) {
          await navigate({ ...links.course(slug, enrolment.course.id), replace: true });
          return;
        }
        if (answer.error) {
          const heard = readFailure(answer.error);
          if (heard.code === 'NETWORK' || heard.code === 'UNAVAILABLE') last = heard;
          if (heard.code === 'CONFLICT') setRefusal(learningFailure(heard));
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
        <Note tone="bad" title={t.joinUnknownTitle}>
          {refusal ?? t.joinUnknownText}
        </Note>
      )}
      {!failure && !unknown && <ListSkeleton rows={5} />}
    </main>
  );
}
