import { Button, Stack, Text } from '@mantine/core';
import { useMutation, useQuery } from 'urql';
import { readFailure } from '#platform/client';
import { FailureState, ListSkeleton, Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { EntryFrame } from '#platform/shell';
import { Resubscribe, Unsubscribe, UnsubscriptionQuery } from '../documents';
import { mailingsTexts } from '../texts';

/** Where the link of a letter leads. Nothing changes until the button is pressed: programs open links ahead. */
export default function UnsubscribePage(props: { token: string }) {
  const t = useTexts(mailingsTexts);
  const variables = { token: props.token };
  const [{ data, error }, again] = useQuery({ query: UnsubscriptionQuery, variables });
  const [leaving, leave] = useMutation(Unsubscribe);
  const [joining, rejoin] = useMutation(Resubscribe);
  const refresh = () => again({ requestPolicy: 'network-only' });
  const found = data?.unsubscription;
  return (
    <EntryFrame title={t.leaveTitle}>
      <Stack gap="md">
        {error && <FailureState failure={readFailure(error)} onRetry={refresh} />}
        {!data && !error && <ListSkeleton rows={2} />}
        {data && !found && <Note tone="warn">{t.linkWrong}</Note>}
        {found && (
          <>
            <Text>{t.leaveText(found.address, found.listName, found.organization)}</Text>
            {found.unsubscribed && <Note tone="good">{t.left}</Note>}
            {found.unsubscribed ? (
              <Button
                variant="default"
                loading={joining.fetching}
                onClick={() => void rejoin(variables).then(refresh)}
              >
                {t.rejoin}
              </Button>
            ) : (
              <Button
                loading={leaving.fetching}
                onClick={() => void leave(variables).then(refresh)}
              >
                {t.leave}
              </Button>
            )}
          </>
        )}
      </Stack>
    </EntryFrame>
  );
}
