/** How much is done, as a ring with the share inside; the words stand beside it. */
export function ProgressRing(props: { share: number; size?: number; label: string }) {
  const size = props.size ?? 52;
  const radius = (size - 7) / 2;
  const around = 2 * Math.PI * radius;
  const share = Math.min(Math.max(props.share, 0), 1);
  const percent = Math.floor(share * 100);
  return (
    <svg width={size} height={size} role="img" aria-label={props.label} style={{ flex: 'none' }}>
      <circle
        cx={size / 2}
        cy={size / 2}
        r={radius}
        fill="none"
        stroke="var(--plenum-line)"
        strokeWidth={5}
      />
      <circle
        cx={size / 2}
        cy={size / 2}
        r={radius}
        fill="none"
        stroke={share >= 1 ? 'var(--plenum-good)' : 'var(--mantine-color-anchor)'}
        strokeWidth={5}
        strokeLinecap={share > 0 ? 'round' : 'butt'}
        strokeDasharray={`${share * around} ${around}`}
        transform={`rotate(-90 ${size / 2} ${size / 2})`}
      />
      <text
        x="50%"
        y="50%"
        dy="0.36em"
        textAnchor="middle"
        fill="currentColor"
        fontSize={size > 60 ? 18 : 12}
        fontWeight={600}
      >
        {share >= 1 ? '✓' : `${percent}%`}
      </text>
    </svg>
  );
}
