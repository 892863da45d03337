export { type Format, formatFor, useFormat } from './format';
export {
  type Catalogue,
  type Language,
  language,
  setLanguage,
  useLanguage,
  useTexts,
} from './language';
export { pluralEn, pluralRu } from './plural';
