import type { LinkOptions } from '@tanstack/react-router';
import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';
import type { Language } from '#platform/languages';
import type { Tenancy } from '#platform/session';

/** A place in the main navigation. */
export type NavItem = {
  id: string;
  label: string;
  icon: LucideIcon;
  link: LinkOptions;
  /** How much is new there; drawn behind the label. */
  Badge?: ComponentType;
};

/** Something the command palette can do or open. */
export type Command = {
  id: string;
  label: string;
  icon: LucideIcon;
  link: LinkOptions;
};

/** What a module contributes to the frame around all pages. */
export type ModuleEntry = {
  /** The folder name, the same as in `modules/`. */
  id: string;
  /** Places this viewer may go to. */
  nav: (tenancy: Tenancy, language: Language) => NavItem[];
  /** Quick actions this viewer may take; also shown on the home page. */
  commands: (tenancy: Tenancy, language: Language) => Command[];
  /** Cards of the home page, most important first. */
  homeCards: { id: string; area: 'main' | 'side'; Card: ComponentType }[];
  /** Cards of the member's own page: what concerns the viewer alone. Each draws nothing when there is nothing. */
  portalCards?: { id: string; Card: ComponentType }[];
};
