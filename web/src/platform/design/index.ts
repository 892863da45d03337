export { ButtonLink } from './button-link';
export { Card, Page } from './page';
export { EmptyState, FailureState, ListSkeleton, Note, StateBadge, type Tone } from './states';
export { cssVariables, theme } from './theme';
export { Toasts, toast } from './toasts';
