// The operations of the built app: in the place of each `graphql(…)` the build puts the operation's id, and lists the
// texts in `.vite/operations.json`, which the server embeds. Outside of a demonstration it executes nothing else.
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kind, parse, print, visit } from 'graphql';
import ts from 'typescript';

const LIST = '.vite/operations.json';
const TYPENAME = { kind: Kind.FIELD, name: { kind: Kind.NAME, value: '__typename' } };

/** A plugin of Vite's build; the development server sends whole documents. */
export function operations() {
  /** Fragments by their names, which are unique in the app. */
  const fragments = new Map();
  /** Texts by their ids. */
  const listed = new Map();
  return {
    name: 'plenum-operations',
    apply: 'build',
    enforce: 'pre',
    buildStart() {
      for (const file of sources(join(import.meta.dirname, '../src'))) {
        for (const { document } of calls(readFileSync(file, 'utf8'), file)) {
          for (const definition of document.definitions) {
            if (definition.kind !== Kind.FRAGMENT_DEFINITION) continue;
            const name = definition.name.value;
            const known = fragments.get(name);
            if (known)
              throw new Error(`${file}: there is another fragment ${name}, in ${known.file}`);
            fragments.set(name, { definition, file });
          }
        }
      }
    },
    transform(code, id) {
      const found = /\.tsx?$/.test(id) ? calls(code, id) : [];
      if (found.length === 0) return null;
      let made = '';
      let at = 0;
      for (const { start, end, document } of found) {
        made += code.slice(at, start) + replacement(document, fragments, listed);
        at = end;
      }
      return { code: made + code.slice(at), map: null };
    },
    generateBundle() {
      const sorted = Object.fromEntries([...listed].sort(([a], [b]) => (a < b ? -1 : 1)));
      this.emitFile({ type: 'asset', fileName: LIST, source: JSON.stringify(sorted) });
    },
  };
}

function sources(folder) {
  return readdirSync(folder, { recursive: true })
    .filter((name) => /\.tsx?$/.test(name) && !/\.(test|d)\.ts$/.test(name))
    .map((name) => join(folder, name));
}

/** The calls of `graphql` with a document, in their order. */
function calls(code, file) {
  if (!code.includes('graphql(')) return [];
  const source = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true);
  const found = [];
  const look = (node) => {
    if (
      ts.isCallExpression(node) &&
      ts.isIdentifier(node.expression) &&
      node.expression.text === 'graphql'
    ) {
      const [text] = node.arguments;
      if (!text || !ts.isNoSubstitutionTemplateLiteral(text)) {
        throw new Error(`${file}: a document has to be a plain template`);
      }
      found.push({ start: node.getStart(source), end: node.end, document: parse(text.text) });
      return;
    }
    ts.forEachChild(node, look);
  };
  look(source);
  return found;
}

/** What stands in the place of a document: its id, or nothing for fragments alone. */
function replacement(document, fragments, listed) {
  const operation = document.definitions.find(({ kind }) => kind === Kind.OPERATION_DEFINITION);
  if (!operation) return `({ kind: 'Document', definitions: [] })`;
  const definitions = [operation, ...spread(operation, fragments)];
  const text = print({ kind: Kind.DOCUMENT, definitions: definitions.map(asSent) });
  const id = `sha256:${createHash('sha256').update(text).digest('hex')}`;
  listed.set(id, text);
  return `({ kind: 'Document', definitions: [], documentId: '${id}' })`;
}

/** The fragments that a definition spreads, with those that they spread. */
function spread(definition, fragments, found = new Set()) {
  visit(definition, {
    FragmentSpread({ name }) {
      const known = fragments.get(name.value);
      if (!known) throw new Error(`there is no fragment ${name.value}`);
      if (found.has(known.definition)) return;
      found.add(known.definition);
      spread(known.definition, fragments, found);
    },
  });
  return found;
}

/**
 * A definition as the client would send it: without directives that are the client's own, and, for its cache, with the
 * type of everything but the root. Results of subscriptions are not cached.
 */
function asSent(definition) {
  const cached = definition.operation !== 'subscription';
  return visit(definition, {
    Directive: ({ name }) => (name.value.startsWith('_') ? null : undefined),
    SelectionSet(set, _key, parent) {
      if (!cached || parent.kind === Kind.OPERATION_DEFINITION) return undefined;
      const told = set.selections.some(
        ({ kind, name, alias }) => kind === Kind.FIELD && name.value === '__typename' && !alias,
      );
      return told ? undefined : { ...set, selections: [...set.selections, TYPENAME] };
    },
  });
}
