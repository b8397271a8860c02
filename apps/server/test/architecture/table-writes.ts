import ts from 'typescript';
import type { SourceFile } from './tree.ts';

/** A place that changes a table's rows; no table where its name is not written out. */
export type TableWrite = { readonly file: string; readonly line: number; readonly table: string | undefined };

const writers = new Set(['insertInto', 'updateTable', 'deleteFrom', 'mergeInto', 'replaceInto']);

/** `for update` and `do update` change nothing of another table. */
const writingStatement =
  /\b(?:insert\s+into|merge\s+into|delete\s+from|truncate(?:\s+table)?|(?<!\b(?:for|do|key)\s+)update)\s+(?:only\s+)?(?:gatehouse\.)?"?([a-z_]+|\?)/gi;

/** Every insert, update and delete in a file: of the query builder, and in SQL of one's own. */
export function tableWritesIn({ path, content }: SourceFile): readonly TableWrite[] {
  const source = ts.createSourceFile(path, content, ts.ScriptTarget.Latest, true);
  const writes: TableWrite[] = [];
  const note = (node: ts.Node, table: string | undefined) => {
    const line = source.getLineAndCharacterOfPosition(node.getStart()).line + 1;
    writes.push({ file: path, line, table });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { text: method } = node.expression.name;
      if (writers.has(method)) note(node.expression.name, tableOf(node.arguments[0]));
      if (method === 'raw' || method === 'query')
        for (const table of tablesIn(node.arguments[0])) note(node, table);
    }
    if (ts.isTaggedTemplateExpression(node) && node.tag.getText() === 'sql') {
      for (const table of tablesIn(node.template)) note(node, table);
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return writes;
}

/** `'users as u'` names `users`. */
function tableOf(node: ts.Node | undefined): string | undefined {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text.split(' ')[0] : undefined;
}

function tablesIn(node: ts.Node | undefined): readonly (string | undefined)[] {
  if (node === undefined) return [];
  return [...sqlOf(node).matchAll(writingStatement)].map(([, name]) => (name === '?' ? undefined : name));
}

/** The text of a template, with a question mark for what is put into it. */
function sqlOf(node: ts.Node): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return '';
  return node.head.text + node.templateSpans.map(({ literal }) => `?${literal.text}`).join('');
}
