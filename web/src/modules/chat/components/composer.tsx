import { ActionIcon, CloseButton, Progress } from '@mantine/core';
import { Check, Paperclip, Pencil, Reply, SendHorizontal } from 'lucide-react';
import { type KeyboardEvent, useEffect, useId, useLayoutEffect, useRef, useState } from 'react';
import { useFormat, useTexts } from '#platform/languages';
import type { Message } from '../documents';
import type { Draft } from '../state/use-conversation';
import { chatTexts } from '../texts';
import { PersonAvatar } from './avatar';
import { EmojiPicker } from './emoji-picker';
import { type Mentionable, useMentions } from './use-mentions';
import type { useUploads } from './use-uploads';

const LONGEST = 4000;
const TALLEST = 180;
const drafts = new Map<string, string>();

/** Where messages are written: a new one, an answer, or a correction. */
export function Composer(props: {
  channel: string;
  viewer: string | null;
  uploads: ReturnType<typeof useUploads>;
  replyTo: Message | null;
  editing: Message | null;
  onSend: (draft: Draft) => void;
  onSave: (text: string, mentions: string[]) => Promise<boolean>;
  onCancel: () => void;
  onEditLast: () => void;
}) {
  const t = useTexts(chatTexts);
  const { channel, editing, replyTo, uploads } = props;
  const [text, setText] = useState(() => drafts.get(channel) ?? '');
  const [saving, setSaving] = useState(false);
  const area = useRef<HTMLTextAreaElement>(null);
  const file = useRef<HTMLInputElement>(null);
  const chosen = useRef(new Map<string, string>());
  const mentions = useMentions(channel, props.viewer);
  const listId = useId();
  const length = [...text.trim()].length;
  const ready =
    length <= LONGEST && !uploads.busy && !saving && (length > 0 || uploads.files.length > 0);

  /** What is written anew outlives a look at another chat; a correction does not. */
  function change(next: string) {
    setText(next);
    if (!editing) drafts.set(channel, next);
  }

  useEffect(() => {
    if (editing) {
      setText(editing.text);
      chosen.current = new Map(editing.mentions.map((person) => [person.name, person.id]));
    } else setText(drafts.get(channel) ?? '');
    area.current?.focus();
  }, [editing, channel]);

  useEffect(() => {
    if (replyTo) area.current?.focus();
  }, [replyTo]);

  // biome-ignore lint/correctness/useExhaustiveDependencies: as tall as the text.
  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.height = 'auto';
    box.style.height = `${Math.min(box.scrollHeight, TALLEST)}px`;
  }, [text]);

  function meant(): string[] {
    return [...chosen.current].filter(([name]) => text.includes(`@${name}`)).map(([, id]) => id);
  }

  async function submit() {
    if (!ready) return;
    mentions.close();
    if (editing) {
      setSaving(true);
      const saved = await props.onSave(text.trim(), meant());
      setSaving(false);
      if (!saved) return;
    } else {
      const answered = replyTo && {
        id: replyTo.id,
        author: replyTo.author?.name ?? t.platform,
        text: replyTo.text,
      };
      props.onSend({
        text: text.trim(),
        replyTo: answered,
        files: uploads.files,
        mentions: meant(),
      });
      uploads.clear();
      drafts.delete(channel);
      setText('');
    }
    chosen.current.clear();
    props.onCancel();
    area.current?.focus();
  }

  function mention(person: Mentionable) {
    const box = area.current;
    if (!box) return;
    const before = text.slice(0, mentions.from);
    const next = `${before}@${person.name} `;
    change(next + text.slice(box.selectionStart));
    chosen.current.set(person.name, person.id);
    mentions.close();
    requestAnimationFrame(() => box.setSelectionRange(next.length, next.length));
    box.focus();
  }

  function insert(emoji: string) {
    const box = area.current;
    const at = box?.selectionStart ?? text.length;
    change(text.slice(0, at) + emoji + text.slice(box?.selectionEnd ?? at));
    box?.focus();
  }

  function onKeyDown(event: KeyboardEvent) {
    if (event.nativeEvent.isComposing) return;
    const picked = mentions.people[mentions.active];
    if (picked) {
      if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
        event.preventDefault();
        mentions.move(event.key === 'ArrowDown' ? 1 : -1);
        return;
      }
      if (event.key === 'Enter' || event.key === 'Tab') {
        event.preventDefault();
        mention(picked);
        return;
      }
      if (event.key === 'Escape') {
        mentions.close();
        return;
      }
    }
    // A phone's Enter makes a new line: there the button sends.
    const phone = window.matchMedia('(pointer: coarse)').matches;
    if (event.key === 'Enter' && !event.shiftKey && !phone) {
      event.preventDefault();
      void submit();
    } else if (event.key === 'ArrowUp' && text === '' && !editing) {
      event.preventDefault();
      props.onEditLast();
    } else if (event.key === 'Escape' && (editing || replyTo)) {
      event.preventDefault();
      props.onCancel();
    }
  }

  return (
    <form
      className="chat-composer"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      {(editing || replyTo) && (
        <div className="chat-context">
          {editing ? <Pencil size={17} aria-hidden /> : <Reply size={17} aria-hidden />}
          <div className="chat-context-text">
            <strong className="truncate">
              {editing ? t.editing : t.replyTo(replyTo?.author?.name ?? t.platform)}
            </strong>
            <span className="truncate chat-dim">{(editing ?? replyTo)?.text}</span>
          </div>
          <CloseButton
            aria-label={editing ? t.cancelEdit : t.cancelReply}
            onClick={props.onCancel}
          />
        </div>
      )}
      <Uploads uploads={uploads} />
      {mentions.people.length > 0 && (
        <div className="chat-mentions" role="listbox" id={listId} aria-label={t.mentionList}>
          {mentions.people.map((person, index) => (
            <button
              key={person.id}
              type="button"
              role="option"
              id={`${listId}-${index}`}
              aria-selected={index === mentions.active}
              tabIndex={-1}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => mention(person)}
            >
              <PersonAvatar id={person.id} name={person.name} small />
              <span className="truncate">{person.name}</span>
            </button>
          ))}
        </div>
      )}
      {length > LONGEST && (
        <div className="chat-too-long" role="alert">
          {t.tooLong(length - LONGEST)}
        </div>
      )}
      <div className="chat-composer-line">
        {!editing && (
          <>
            <input
              ref={file}
              type="file"
              multiple
              className="visually-hidden"
              tabIndex={-1}
              aria-label={t.attach}
              onChange={(event) => {
                uploads.add(event.currentTarget.files ?? []);
                event.currentTarget.value = '';
              }}
            />
            <ActionIcon
              variant="subtle"
              color="gray"
              c="inherit"
              size={40}
              aria-label={t.attach}
              title={t.attach}
              onClick={() => file.current?.click()}
            >
              <Paperclip size={20} aria-hidden />
            </ActionIcon>
          </>
        )}
        <textarea
          ref={area}
          rows={1}
          value={text}
          aria-label={t.message}
          aria-describedby={`${listId}-hint`}
          aria-controls={mentions.people.length > 0 ? listId : undefined}
          aria-activedescendant={
            mentions.people.length > 0 ? `${listId}-${mentions.active}` : undefined
          }
          placeholder={t.messagePlaceholder}
          onChange={(event) => {
            change(event.currentTarget.value);
            mentions.follow(event.currentTarget.value, event.currentTarget.selectionStart);
          }}
          onBlur={() => mentions.close()}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            if (editing || event.clipboardData.files.length === 0) return;
            event.preventDefault();
            uploads.add(event.clipboardData.files);
          }}
        />
        <EmojiPicker label={t.emoji} size={40} onPick={insert} />
        <ActionIcon
          type="submit"
          size={40}
          disabled={!ready}
          aria-label={editing ? t.save : t.send}
        >
          {editing ? <Check size={20} aria-hidden /> : <SendHorizontal size={20} aria-hidden />}
        </ActionIcon>
      </div>
      <div className="chat-hint only-desktop" id={`${listId}-hint`}>
        {t.hint}
      </div>
    </form>
  );
}

function Uploads({ uploads }: { uploads: ReturnType<typeof useUploads> }) {
  const t = useTexts(chatTexts);
  const format = useFormat();
  if (uploads.uploads.length === 0) return null;
  return (
    <div className="chat-uploads">
      {uploads.uploads.map((upload) => (
        <div key={upload.key} className="chat-upload">
          <Paperclip size={16} aria-hidden />
          <div className="chat-upload-name">
            <span className="truncate">{upload.name}</span>
            {upload.file ? (
              <span className="chat-dim">{format.bytes(upload.file.sizeBytes)}</span>
            ) : (
              <Progress.Root size="sm">
                <Progress.Section
                  value={upload.share * 100}
                  aria-label={t.uploading(upload.name)}
                />
              </Progress.Root>
            )}
          </div>
          <CloseButton
            size="sm"
            aria-label={t.removeFile(upload.name)}
            onClick={() => uploads.remove(upload.key)}
          />
        </div>
      ))}
    </div>
  );
}
