/** Gives components the page they belong to, and the parts of its state they select. */
import { createContext, type ReactNode, useContext } from 'react';
import { useStore } from 'zustand';
import type { Page } from '../session/page.ts';
import type { PageState } from '../state/store.ts';

const PageContext = createContext<Page | null>(null);

export function PageProvider({ page, children }: { readonly page: Page; readonly children: ReactNode }) {
  return <PageContext value={page}>{children}</PageContext>;
}

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === null) throw new Error('usePage outside of PageProvider');
  return page;
}

/** Selects from the state; the selector must return what is in it or a primitive, so that nothing renders in vain. */
export function usePageState<T>(select: (state: PageState) => T): T {
  return useStore(usePage().store, select);
}
