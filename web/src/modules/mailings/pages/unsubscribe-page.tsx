import { Button, Stack, Text, Title } from '@mantine/core';
import { Provider, useMutation, useQuery } from 'urql';
import { clientFor, readFailure } from '#platform/client';
import { FailureState, ListSkeleton, Note } from '#platform/design';
import { useTexts } from '#platform/languages';
import { EntryFrame } from '#platform/shell';
import { Resubscribe, Unsubscribe, UnsubscriptionQuery } from '../documents';
import { mailingsTexts } from '../texts';

/** Where the link of a letter leads. Nothing changes until the button is pressed: programs open links ahead. */
export default function UnsubscribePage(props: { token: string }) {
  const t = useTexts(mailingsTexts);
  return (
    <EntryFrame title={t.leaveTitle}>
      <div className="card card-padded" style={{ width: 'min(460px, 100%)' }}>
        <Provider value={clientFor(null)}>
          <Leaving token={props.token} />
        </Provider>
      </div>
    </EntryFrame>
  );
}

function Leaving(props: { token: string }) {
  const t = useTexts(mailingsTexts);
  const variables = { token: props.token };
  const [{ data, error }, again] = useQuery({ query: UnsubscriptionQuery, variables });
  const [leaving, leave] = useMutation(Unsubscribe);
  const [joining, rejoin] = useMutation(Resubscribe);
  const refresh = () => again({ requestPolicy: 'network-only' });
  const found = data?.unsubscription;
  return (
    <Stack gap="md">
      <Title order={1} size="h3">
        {t.leaveTitle}
      </Title>
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
            <Button loading={leaving.fetching} onClick={() => void leave(variables).then(refresh)}>
              {t.leave}
            </Button>
          )}
        </>
      )}
    </Stack>
  );
}
