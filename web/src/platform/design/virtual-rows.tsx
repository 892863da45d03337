import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useEffect, useRef } from 'react';

/**
 * A table of many rows of which only the visible ones exist in the page. Asks for more through
 * `onNearEnd` when the last loaded row comes near.
 */
export function VirtualRows<Row>(props: {
  label: string;
  columns: { title: string; width: string }[];
  rows: readonly Row[];
  rowKey: (row: Row) => string;
  /** Rows of the whole list when known, for screen readers; -1 when not. */
  total: number;
  cells: (row: Row) => ReactNode[];
  estimatedRowHeight: number;
  /** Hides the head and lets the row draw itself: for narrow screens. */
  compact?: (row: Row) => ReactNode;
  onRowClick?: (row: Row) => void;
  onNearEnd?: () => void;
  height: string;
}) {
  const { rows, columns, onNearEnd, onRowClick } = props;
  const scroll = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroll.current,
    estimateSize: () => props.estimatedRowHeight,
    overscan: 12,
    getItemKey: (index) => {
      const row = rows[index];
      return row === undefined ? index : props.rowKey(row);
    },
  });
  const items = virtualizer.getVirtualItems();
  const lastVisible = items.at(-1)?.index ?? 0;

  useEffect(() => {
    if (rows.length > 0 && lastVisible >= rows.length - 20) onNearEnd?.();
  }, [lastVisible, rows.length, onNearEnd]);

  const template = columns.map((column) => column.width).join(' ');
  return (
    // biome-ignore lint/a11y/useSemanticElements: a real table cannot position rows absolutely.
    <div
      role="table"
      aria-label={props.label}
      aria-rowcount={props.total < 0 ? -1 : props.total + 1}
      ref={scroll}
      className="grid-scroll"
      style={{ maxHeight: props.height }}
      // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard.
      tabIndex={0}
    >
      {/* biome-ignore lint/a11y/useSemanticElements: see above. */}
      <div
        role="row"
        tabIndex={-1}
        className={props.compact ? 'visually-hidden' : 'grid-head'}
        style={{
          gridTemplateColumns: template,
          position: props.compact ? undefined : 'sticky',
          top: 0,
          zIndex: 1,
          background: 'var(--mantine-color-body)',
        }}
      >
        {columns.map((column) => (
          // biome-ignore lint/a11y/useSemanticElements: see above.
          // biome-ignore lint/a11y/useFocusableInteractive: headers do nothing.
          <span role="columnheader" key={column.title} className="truncate">
            {column.title}
          </span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: see above. */}
      <div role="rowgroup" style={{ height: virtualizer.getTotalSize(), position: 'relative' }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (row === undefined) return null;
          return (
            // biome-ignore lint/a11y/useSemanticElements: see above.
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              data-index={item.index}
              data-clickable={onRowClick !== undefined}
              ref={virtualizer.measureElement}
              className="grid-row"
              tabIndex={onRowClick ? 0 : -1}
              onClick={onRowClick && (() => onRowClick(row))}
              onKeyDown={(event) => {
                if (onRowClick && (event.key === 'Enter' || event.key === ' ')) {
                  event.preventDefault();
                  onRowClick(row);
                }
              }}
              style={{
                position: 'absolute',
                top: 0,
                left: 0,
                right: 0,
                transform: `translateY(${item.start}px)`,
                gridTemplateColumns: props.compact ? 'minmax(0, 1fr)' : template,
                minHeight: props.estimatedRowHeight,
              }}
            >
              {props.compact ? (
                // biome-ignore lint/a11y/useSemanticElements: see above.
                <div role="cell" aria-colspan={columns.length} style={{ minWidth: 0 }}>
                  {props.compact(row)}
                </div>
              ) : (
                props.cells(row).map((cell, column) => (
                  // biome-ignore lint/a11y/useSemanticElements: see above.
                  <div role="cell" key={columns[column]?.title} style={{ minWidth: 0 }}>
                    {cell}
                  </div>
                ))
              )}
            </div>
          );
        })}
      </div>
    </div>
  );
}
