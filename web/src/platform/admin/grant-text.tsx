import { Text } from '@mantine/core';
import { useFormat, useTexts } from '#platform/languages';
import { lastDay } from './days';
import type { GrantFacts } from './documents';
import { adminTexts } from './texts';

/** Where a role holds, for how long, and where it comes from. */
export function GrantText(props: { grant: GrantFacts }) {
  const t = useTexts(adminTexts);
  const format = useFormat();
  const { grant } = props;
  const from = grant.from ? format.date(grant.from) : null;
  const until = grant.until ? format.date(lastDay(grant.until)) : null;
  const source = t.sources[grant.source](grant.givenBy, format.date(grant.givenAt));
  return (
    <>
      <Text size="sm">
        {grant.office ? `${grant.office}, ${grant.unitName}` : grant.unitName}
        {(from || until) && ` · ${t.term(from, until)}`}
      </Text>
      <Text size="sm" c="dimmed">
        {source}
        {grant.reason && ` · ${grant.reason}`}
      </Text>
    </>
  );
}
