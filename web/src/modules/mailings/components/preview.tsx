import { NativeSelect, SegmentedControl, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { FailureState, ListSkeleton } from '#platform/design';
import { useTexts } from '#platform/languages';
import { PreviewQuery } from '../documents';
import { mailingsTexts } from '../texts';

/** The letter as a recipient sees it, on a desktop and on a phone. */
export default function Preview(props: { campaign: string }) {
  const t = useTexts(mailingsTexts);
  const [member, setMember] = useState('');
  const [width, setWidth] = useState('desktop');
  const [{ data, error }, retry] = useQuery({
    query: PreviewQuery,
    variables: { campaign: props.campaign, member: member || null },
    requestPolicy: 'network-only',
  });
  const sample = data?.node?.__typename === 'Campaign' ? data.node.sample : [];
  const again = () => retry({ requestPolicy: 'network-only' });
  return (
    <Stack gap="sm">
      <NativeSelect
        label={t.previewFor}
        value={member}
        onChange={(event) => setMember(event.currentTarget.value)}
        data={[
          { value: '', label: t.nobody },
          ...sample.map((one) => ({ value: one.member, label: one.fullName })),
        ]}
      />
      <SegmentedControl
        value={width}
        onChange={setWidth}
        data={[
          { value: 'desktop', label: t.desktop },
          { value: 'phone', label: t.phone },
        ]}
      />
      {error && <FailureState failure={readFailure(error)} onRetry={again} />}
      {!data && !error && <ListSkeleton rows={4} />}
      {data && (
        <>
          <Text fw={600}>{data.previewCampaign.subject}</Text>
          <iframe
            title={t.preview}
            sandbox=""
            srcDoc={data.previewCampaign.html}
            style={{
              width: width === 'phone' ? 'min(100%, 390px)' : '100%',
              height: '60vh',
              border: '1px solid var(--mantine-color-default-border)',
              borderRadius: 8,
              background: '#fff',
              alignSelf: 'center',
            }}
          />
        </>
      )}
    </Stack>
  );
}
