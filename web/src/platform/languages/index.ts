export { type Format, formatFor, useFormat } from './format';
export {
  type Catalogue,
  type Language,
  language,
  offerLanguages,
  setLanguage,
  useLanguage,
  useLanguageChoice,
  useTexts,
} from './language';
export { pluralEn, pluralRu } from './plural';
