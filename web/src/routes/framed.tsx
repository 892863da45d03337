import type { ReactNode } from 'react';
import AppFrame from '#platform/shell/app-frame';
import { modules } from './modules';

/** The frame with what the modules contribute to it; apart from the first load of the sign-in. */
export default function Framed(props: { children: ReactNode }) {
  return <AppFrame modules={modules}>{props.children}</AppFrame>;
}
