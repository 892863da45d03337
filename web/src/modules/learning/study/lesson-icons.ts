import {
  CirclePlay,
  FileDown,
  FileText,
  ListChecks,
  type LucideIcon,
  Presentation,
} from 'lucide-react';
import type { LessonKind } from './outline';

/** A picture for each kind of lesson. */
export const LESSON_ICONS: Record<LessonKind, LucideIcon> = {
  TEXT: FileText,
  VIDEO: CirclePlay,
  FILE: FileDown,
  QUIZ: ListChecks,
  WEBINAR: Presentation,
};
