/** The mark: an assembly seen from above. Decorative; the name stands beside it. */
export function LogoMark(props: { size?: number }) {
  const size = props.size ?? 30;
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true" focusable="false">
      <rect width="32" height="32" rx="7" fill="#1d4a7d" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <path d="M6.5 22a9.5 9.5 0 0 1 19 0" />
        <path d="M11.5 22a4.5 4.5 0 0 1 9 0" />
      </g>
      <circle cx="16" cy="9" r="2.1" fill="#f2b84b" />
    </svg>
  );
}
