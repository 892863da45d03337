import { useNavigate } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { clientFor, type Failure, readFailure } from '#platform/client';
import { FailureState, ListSkeleton } from '#platform/design';
import { useSessionFacts } from '#platform/session';
import { links, NotFoundPage } from '#platform/shell';
import { CourseQuery } from '../documents';

/** The link of a letter names the course alone: it is looked for in the viewer's organizations. */
export default function CourseLinkPage(props: { course: string }) {
  const navigate = useNavigate();
  const facts = useSessionFacts();
  const asked = useRef(false);
  const [failure, setFailure] = useState<Failure | null>(null);
  const [unknown, setUnknown] = useState(false);

  useEffect(() => {
    if (asked.current || !facts?.viewer) return;
    asked.current = true;
    const slugs = facts.viewer.tenants.map(({ tenant }) => tenant.slug);
    void (async () => {
      let last: Failure | null = null;
      for (const slug of slugs) {
        const answer = await clientFor(slug).query(CourseQuery, { id: props.course }).toPromise();
        if (answer.data?.node?.__typename === 'Course') {
          await navigate({ ...links.course(slug, props.course), replace: true });
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
  }, [facts, navigate, props.course]);

  if (unknown) return <NotFoundPage />;
  return (
    <main id="main" style={{ maxWidth: 640, margin: '48px auto', padding: '0 16px' }}>
      {failure ? <FailureState failure={failure} /> : <ListSkeleton rows={5} />}
    </main>
  );
}
