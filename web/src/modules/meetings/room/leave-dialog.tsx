import { useEffect, useRef } from 'react';
import { useConfirm } from '#platform/design/confirm';
import { useTexts } from '#platform/languages';
import { meetingTexts } from '../texts';

/** Asks whether to leave, once: to ask again, it is made anew. */
export default function LeaveDialog(props: { onLeave: () => void }) {
  const t = useTexts(meetingTexts);
  const { ask, dialog } = useConfirm();
  const first = useRef(() =>
    ask({
      title: t.leaveTitle,
      text: t.leaveText,
      confirm: t.leave,
      danger: true,
      run: async () => props.onLeave(),
    }),
  );
  useEffect(() => first.current(), []);
  return dialog;
}
