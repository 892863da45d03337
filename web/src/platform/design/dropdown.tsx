import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';

/** An entry of a dropdown menu. */
export type DropdownItem = {
  id: string;
  content: ReactNode;
  icon?: ReactNode;
  current?: boolean;
  onChoose: () => void;
};

/**
 * A button with a menu below it. Written here because the component library's menu brings a
 * positioning engine of 25 KiB, which the two menus of the head do not need.
 */
export function Dropdown(props: {
  label: string;
  button: ReactNode;
  buttonClass: string;
  align: 'start' | 'end';
  head?: ReactNode;
  items: readonly DropdownItem[];
}) {
  const [opened, setOpened] = useState(false);
  const root = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const menuId = useId();

  useEffect(() => {
    if (!opened) return;
    const entries = menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]');
    entries?.[0]?.focus();
    function outside(event: PointerEvent) {
      if (event.target instanceof Node && !root.current?.contains(event.target)) setOpened(false);
    }
    document.addEventListener('pointerdown', outside);
    return () => document.removeEventListener('pointerdown', outside);
  }, [opened]);

  function onKeyDown(event: KeyboardEvent) {
    if (!opened) {
      if (event.key === 'ArrowDown') {
        event.preventDefault();
        setOpened(true);
      }
      return;
    }
    const entries = [...(menu.current?.querySelectorAll<HTMLElement>('[role=menuitem]') ?? [])];
    const at = entries.indexOf(document.activeElement as HTMLElement);
    const focus = (index: number) => {
      event.preventDefault();
      entries[(index + entries.length) % entries.length]?.focus();
    };
    if (event.key === 'ArrowDown') focus(at + 1);
    else if (event.key === 'ArrowUp') focus(at - 1);
    else if (event.key === 'Home') focus(0);
    else if (event.key === 'End') focus(entries.length - 1);
    else if (event.key === 'Tab') setOpened(false);
    else if (event.key === 'Escape') {
      setOpened(false);
      button.current?.focus();
    }
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: keys of the button and the menu bubble here.
    <div ref={root} className="dropdown" onKeyDown={onKeyDown}>
      <button
        ref={button}
        type="button"
        className={props.buttonClass}
        aria-label={props.label}
        aria-haspopup="menu"
        aria-expanded={opened}
        aria-controls={opened ? menuId : undefined}
        onClick={() => setOpened((before) => !before)}
      >
        {props.button}
      </button>
      {opened && (
        <div className="dropdown-panel" data-align={props.align}>
          {props.head}
          <div ref={menu} id={menuId} role="menu" aria-label={props.label}>
            {props.items.map((item) => (
              <button
                key={item.id}
                type="button"
                role="menuitem"
                aria-current={item.current}
                className="dropdown-item"
                tabIndex={-1}
                onClick={() => {
                  setOpened(false);
                  button.current?.focus();
                  item.onChoose();
                }}
              >
                {item.icon}
                <span style={{ flex: 1, minWidth: 0 }}>{item.content}</span>
              </button>
            ))}
          </div>
        </div>
      )}
    </div>
  );
}
