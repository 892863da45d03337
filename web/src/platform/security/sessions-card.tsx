import { Button, Group, Text } from '@mantine/core';
import { Card, StateBadge, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { useFormat, useTexts } from '#platform/languages';
import { EndOtherWebSessions, EndWebSession, type Security, type WebSession } from './documents';
import { securityTexts } from './texts';
import { useAct } from './use-act';

/** Where the account is signed in. */
export function SessionsCard(props: {
  sessions: readonly WebSession[];
  onChange: (security: Security) => void;
}) {
  const t = useTexts(securityTexts);
  const format = useFormat();
  const { busy, act } = useAct();
  const { ask, dialog } = useConfirm();
  const now = Date.now();

  async function end(session: WebSession) {
    const answer = await act(EndWebSession, { session: session.id });
    if (!answer) return;
    props.onChange(answer.endWebSession.security);
    toast.good(t.sessionEnded);
  }

  async function endOthers() {
    const answer = await act(EndOtherWebSessions, {});
    if (!answer) return;
    props.onChange(answer.endOtherWebSessions.security);
    toast.good(t.othersEnded);
  }

  return (
    <Card
      title={t.sessions}
      padded={false}
      aside={
        props.sessions.length > 1 && (
          <Button
            variant="default"
            size="sm"
            onClick={() =>
              ask({
                title: t.endOthers,
                text: t.endOthersText,
                confirm: t.endOthersConfirm,
                danger: true,
                run: endOthers,
              })
            }
          >
            {t.endOthers}
          </Button>
        )
      }
    >
      <ul className="list-rows plain-list">
        {props.sessions.map((session) => (
          <li key={session.id} className="security-row">
            <div className="security-row-text">
              <Group gap="xs">
                <Text fw={500}>{t.browser(session.browser, session.system)}</Text>
                {session.isCurrent && <StateBadge tone="good">{t.thisSession}</StateBadge>}
              </Group>
              <Text size="sm" c="dimmed">
                {session.isCurrent
                  ? t.signedInAt(format.dateTime(session.createdAt))
                  : t.lastUsed(format.fromNow(session.lastUsedAt, now))}
                {session.address && ` · ${session.address}`}
              </Text>
            </div>
            {!session.isCurrent && (
              <Button
                variant="subtle"
                color="red"
                size="sm"
                disabled={busy}
                aria-label={t.endSession(t.browser(session.browser, session.system))}
                onClick={() => void end(session)}
              >
                {t.end}
              </Button>
            )}
          </li>
        ))}
      </ul>
      {dialog}
    </Card>
  );
}
