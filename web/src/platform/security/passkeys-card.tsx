import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { Card, toast } from '#platform/design';
import { useConfirm } from '#platform/design/confirm';
import { FormDialog } from '#platform/design/form-dialog';
import { useFormat, useTexts } from '#platform/languages';
import {
  AddPasskey,
  type Passkey,
  RemovePasskey,
  RenamePasskey,
  type Security,
  StartPasskey,
} from './documents';
import { createPasskey, passkeysSupported } from './passkey';
import { passkeyTexts } from './passkey-texts';
import { RecoveryCodes } from './recovery-codes';
import { useAct } from './use-act';

/** The passkeys of the account. */
export function PasskeysCard(props: {
  security: Security;
  onChange: (security: Security) => void;
}) {
  const t = useTexts(passkeyTexts);
  const format = useFormat();
  const { busy, act } = useAct();
  const { ask, dialog } = useConfirm();
  const [adding, setAdding] = useState(false);
  const [renaming, setRenaming] = useState<Passkey | null>(null);
  const [codes, setCodes] = useState<readonly string[]>([]);
  const { passkeys, passkeysAvailable } = props.security;
  const now = Date.now();
  const supported = passkeysAvailable && passkeysSupported();

  async function remove(passkey: Passkey) {
    const answer = await act(RemovePasskey, { passkey: passkey.id });
    if (!answer) return;
    props.onChange(answer.removePasskey.security);
    toast.good(t.removed);
  }

  return (
    <Card
      title={t.passkeys}
      padded={false}
      aside={
        supported && (
          <Button variant="default" size="sm" onClick={() => setAdding(true)}>
            {t.add}
          </Button>
        )
      }
    >
      <div className="card-padded">
        <Text c="dimmed">{t.lead}</Text>
        {!supported && <Text mt="xs">{passkeysAvailable ? t.unsupported : t.unavailable}</Text>}
      </div>
      {passkeys.length > 0 && (
        <ul className="list-rows plain-list">
          {passkeys.map((passkey) => (
            <li key={passkey.id} className="security-row">
              <div className="security-row-text">
                <Text fw={500}>{passkey.name}</Text>
                <Text size="sm" c="dimmed">
                  {t.addedAt(format.date(passkey.createdAt))}
                  {' · '}
                  {passkey.lastUsedAt
                    ? t.lastUsed(format.fromNow(passkey.lastUsedAt, now))
                    : t.neverUsed}
                </Text>
              </div>
              <Group gap="xs">
                <Button
                  variant="subtle"
                  size="sm"
                  aria-label={t.renameOf(passkey.name)}
                  onClick={() => setRenaming(passkey)}
                >
                  {t.rename}
                </Button>
                <Button
                  variant="subtle"
                  color="red"
                  size="sm"
                  disabled={busy}
                  aria-label={t.removeOf(passkey.name)}
                  onClick={() =>
                    ask({
                      title: t.removeTitle(passkey.name),
                      text: t.removeText,
                      confirm: t.remove,
                      danger: true,
                      run: () => remove(passkey),
                    })
                  }
                >
                  {t.remove}
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
      {adding && (
        <AddDialog
          onClose={() => setAdding(false)}
          onDone={(security, recoveryCodes) => {
            setAdding(false);
            props.onChange(security);
            setCodes(recoveryCodes);
            toast.good(t.added);
          }}
        />
      )}
      {renaming && (
        <RenameDialog
          passkey={renaming}
          onClose={() => setRenaming(null)}
          onDone={(security) => {
            setRenaming(null);
            props.onChange(security);
            toast.good(t.renamed);
          }}
        />
      )}
      {codes.length > 0 && <RecoveryCodes codes={codes} onClose={() => setCodes([])} />}
      {dialog}
    </Card>
  );
}

function AddDialog(props: {
  onClose: () => void;
  onDone: (security: Security, recoveryCodes: readonly string[]) => void;
}) {
  const t = useTexts(passkeyTexts);
  const { busy, act } = useAct();
  const [name, setName] = useState(() => t.here(window.matchMedia('(pointer: coarse)').matches));
  const [error, setError] = useState<string | null>(null);
  const [waiting, setWaiting] = useState(false);

  async function submit() {
    if (!name.trim()) return setError(t.nameMissing);
    const begun = await act(StartPasskey, {});
    if (!begun) return;
    const { ticket, options } = begun.startPasskey;
    setWaiting(true);
    const made = await createPasskey(options);
    setWaiting(false);
    if ('problem' in made) return setError(made.problem === 'known' ? t.known : t.cancelled);
    const answer = await act(AddPasskey, { input: { ticket, answer: made.answer }, name });
    if (!answer) return;
    const { status, security, recoveryCodes } = answer.addPasskey;
    switch (status) {
      case 'REFUSED':
        return setError(t.known);
      case 'EXPIRED':
        return setError(t.expired);
      case 'OK':
        return props.onDone(security, recoveryCodes);
    }
  }

  return (
    <FormDialog
      opened
      title={t.addTitle}
      submit={t.goOn}
      busy={busy || waiting}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <Text>{t.addText}</Text>
      <NameField value={name} error={error} onChange={setName} onTouched={() => setError(null)} />
    </FormDialog>
  );
}

function RenameDialog(props: {
  passkey: Passkey;
  onClose: () => void;
  onDone: (security: Security) => void;
}) {
  const t = useTexts(passkeyTexts);
  const { busy, act } = useAct();
  const [name, setName] = useState(props.passkey.name);
  const [error, setError] = useState<string | null>(null);

  async function submit() {
    if (!name.trim()) return setError(t.nameMissing);
    const answer = await act(RenamePasskey, { passkey: props.passkey.id, name });
    if (answer) props.onDone(answer.renamePasskey.security);
  }

  return (
    <FormDialog
      opened
      title={t.renameOf(props.passkey.name)}
      submit={t.save}
      busy={busy}
      onClose={props.onClose}
      onSubmit={() => void submit()}
    >
      <NameField value={name} error={error} onChange={setName} onTouched={() => setError(null)} />
    </FormDialog>
  );
}

function NameField(props: {
  value: string;
  error: string | null;
  onChange: (value: string) => void;
  onTouched: () => void;
}) {
  const t = useTexts(passkeyTexts);
  return (
    <TextInput
      label={t.name}
      description={t.nameHint}
      maxLength={100}
      data-autofocus
      value={props.value}
      error={props.error}
      onChange={(event) => {
        props.onChange(event.currentTarget.value);
        props.onTouched();
      }}
    />
  );
}
