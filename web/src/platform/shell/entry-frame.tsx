import { type ReactNode, useEffect } from 'react';
import { LogoMark } from './logo';
import { PreferenceButtons } from './preferences';

/** The frame of pages that need nobody signed in. */
export function EntryFrame(props: { title: string; children: ReactNode }) {
  useEffect(() => {
    document.title = `${props.title} · Plenum`;
  }, [props.title]);
  return (
    <div className="entry">
      <header className="entry-head">
        <span className="shell-logo">
          <LogoMark />
          Plenum
        </span>
        <div style={{ display: 'flex', alignItems: 'center', gap: 4 }}>
          <PreferenceButtons />
        </div>
      </header>
      <main className="entry-body" id="main">
        {props.children}
      </main>
    </div>
  );
}
