/** Tabs with one stop in the tab order and arrow keys between them. [WAI-ARIA APG, Tabs] */
import { type KeyboardEvent, useEffect } from 'react';

export interface Tab<T extends string> {
  readonly id: T;
  readonly title: string;
}

export interface TabListProps<T extends string> {
  readonly label: string;
  readonly tabs: readonly Tab<T>[];
  readonly selected: T;
  readonly onSelect: (id: T) => void;
  /** Prefix of the ids that tie tabs to their panels. */
  readonly name: string;
  readonly className?: string;
}

/** Index that a key leads to, or null when the key does not move. */
export function tabTarget(key: string, index: number, count: number): number | null {
  switch (key) {
    case 'ArrowRight':
      return (index + 1) % count;
    case 'ArrowLeft':
      return (index + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return null;
  }
}

export const tabId = (name: string, id: string): string => `${name}-tab-${id}`;
export const tabPanelId = (name: string, id: string): string => `${name}-panel-${id}`;

export function TabList<T extends string>(props: TabListProps<T>) {
  const { tabs, selected, onSelect, name } = props;
  useEffect(() => {
    // The tabs may be more than fit, and one can be chosen from elsewhere.
    document.getElementById(tabId(name, selected))?.scrollIntoView?.({ block: 'nearest', inline: 'nearest' });
  }, [name, selected]);
  const move = (event: KeyboardEvent<HTMLElement>): void => {
    const index = tabs.findIndex((tab) => tab.id === selected);
    const target = tabTarget(event.key, index, tabs.length);
    const tab = target === null ? undefined : tabs[target];
    if (tab === undefined) return;
    event.preventDefault();
    onSelect(tab.id);
    document.getElementById(tabId(name, tab.id))?.focus();
  };
  return (
    <div role="tablist" aria-label={props.label} className={props.className ?? 'tabs'} onKeyDown={move} tabIndex={-1}>
      {tabs.map((tab) => (
        <button
          key={tab.id}
          type="button"
          role="tab"
          id={tabId(name, tab.id)}
          aria-selected={tab.id === selected}
          aria-controls={tabPanelId(name, tab.id)}
          tabIndex={tab.id === selected ? 0 : -1}
          onClick={() => onSelect(tab.id)}
          data-testid={tabId(name, tab.id)}
        >
          {tab.title}
        </button>
      ))}
    </div>
  );
}
