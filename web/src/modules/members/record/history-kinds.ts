import {
  ArrowRightLeft,
  ClipboardList,
  FileSignature,
  GraduationCap,
  type LucideIcon,
  Mail,
  Pencil,
  ShieldCheck,
  UserRoundCheck,
  Users,
} from 'lucide-react';
import type { HistoryEntry } from './documents';

export type HistoryKind = HistoryEntry['kind'];

/** What facts of a history are about: what they are filtered by, and the icon beside each. */
export const TOPICS = {
  record: {
    icon: Pencil,
    kinds: [
      'IMPORTED',
      'ADDED',
      'UPDATED',
      'CORRECTION_REQUESTED',
      'CORRECTION_APPROVED',
      'CORRECTION_REJECTED',
    ],
  },
  consent: { icon: ShieldCheck, kinds: ['CONSENT'] },
  portal: { icon: UserRoundCheck, kinds: ['INVITED', 'ACCOUNT_LINKED', 'CARD_REISSUED'] },
  moves: {
    icon: ArrowRightLeft,
    kinds: [
      'MOVED',
      'TRANSFER_REQUESTED',
      'TRANSFER_REFUSED',
      'TRANSFER_CANCELLED',
      'LEFT',
      'ARRIVED',
    ],
  },
  bodies: {
    icon: Users,
    kinds: ['OFFICE_TAKEN', 'OFFICE_ENDED', 'NOTICE_SENT', 'SESSION_ATTENDED', 'SESSION_MISSED'],
  },
  documents: { icon: FileSignature, kinds: ['DOCUMENT_SIGNED'] },
  tasks: { icon: ClipboardList, kinds: ['TASK_GIVEN', 'TASK_DONE'] },
  learning: { icon: GraduationCap, kinds: ['ENROLLED', 'CERTIFICATE_ISSUED'] },
  mailings: { icon: Mail, kinds: ['MAILING_SENT'] },
} satisfies Record<string, { icon: LucideIcon; kinds: HistoryKind[] }>;

export type Topic = keyof typeof TOPICS;

const BY_KIND = new Map<HistoryKind, Topic>(
  Object.entries(TOPICS).flatMap(([topic, { kinds }]) =>
    kinds.map((kind): [HistoryKind, Topic] => [kind, topic as Topic]),
  ),
);

/** What a fact is about. A kind that this version does not know yet counts as the record's. */
export function topicOf(kind: HistoryKind): Topic {
  return BY_KIND.get(kind) ?? 'record';
}

/** The facts of each day, in their order; days are those of the reader's time zone. */
export function byDay<Entry extends { at: string }>(
  entries: readonly Entry[],
): { day: string; entries: Entry[] }[] {
  const days: { day: string; entries: Entry[] }[] = [];
  for (const entry of entries) {
    const day = new Date(entry.at).toDateString();
    const last = days.at(-1);
    if (last?.day === day) last.entries.push(entry);
    else days.push({ day, entries: [entry] });
  }
  return days;
}
