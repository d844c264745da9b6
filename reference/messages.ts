import ts from "typescript";

/** A text that says what is wrong, as the source has it: `‹name›` stands for what a run puts there. */
export interface Message {
  /** What was found, where and what was expected. */
  readonly fact: string;
  /** What to do, and what else is worth knowing; empty where the fact says it. */
  readonly wayOut: string;
}

/** A kind of error, by its class. */
export interface ErrorClass {
  readonly name: string;
  /** Its doc comment as one line. */
  readonly meaning: string;
}

/** How a sentence begins that tells what to do. */
const ADVICE =
  /(^|[.;:,] |, or )(Add|Allow|Ask|Boot|Bring|Check|Choose|Copy|Declare|Empty|Enable|End|Free|Give|Install|Keep|Leave|Let|Log in|Look|Make|Move|Name (?:it|one|some|them)|Pull|Push|Put|Remove|Repair|Rename|Restart|Run|Say|See|Set|Split|Start|Stop|Switch|Take|Try|Update|Upgrade|Use|Wait|Write)\b/;

/** Words that say what was found and what was wanted. */
const FACT = /\b(got|expected)\b/;

/** Fewest words of its own, without what a run puts in, that a text must have to be known again. */
const FEWEST_WORDS = 3;

/**
 * All texts of one source file that tell a person what is wrong: those of errors, those that say what was expected, and
 * those that say what to do. In the order of the file, each once.
 */
export function messagesOf(file: string, source: string): Message[] {
  const found = new Map<string, Message>();
  const visit = (node: ts.Node, isError: boolean): void => {
    if (isText(node)) {
      const text = shownText(node).replace(/\s+/g, " ").trim();
      if (isMessage(text, isError)) found.set(text, split(text));
    }
    // What is put into a text is a text of its own.
    const inside = isError ? !isText(node) && !ts.isFunctionLike(node) : isErrorMade(node);
    node.forEachChild((child) => {
      visit(child, inside);
    });
  };
  visit(parse(file, source), false);
  return [...found.values()];
}

/** The texts that a shell script writes to its standard error, each once. */
export function shellMessagesOf(source: string): Message[] {
  const texts = [...source.matchAll(/\becho (["'])(.*?)\1 >&2/g)].map(([, , text = ""]) =>
    text.replace(/\$\([^)]*\)/g, "‹…›").replace(/\$\{?(\w+)\}?/g, "‹$1›"),
  );
  return [...new Set(texts)].filter((text) => isMessage(text, true)).map(split);
}

/** The classes of errors that a source file exports, in its order. */
export function errorClassesOf(file: string, source: string): ErrorClass[] {
  return [...parse(file, source).statements].flatMap((node) => {
    if (!ts.isClassDeclaration(node) || node.name === undefined) return [];
    const name = node.name.text;
    if (!name.endsWith("Error") || !isExported(node)) return [];
    const comment = ts.getJSDocCommentsAndTags(node).find((one) => ts.isJSDoc(one))?.comment;
    const meaning = (ts.getTextOfJSDocComment(comment) ?? "").replace(/\s+/g, " ").trim();
    return [{ name, meaning }];
  });
}

function parse(file: string, source: string): ts.SourceFile {
  return ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true);
}

function isExported(node: ts.ClassDeclaration): boolean {
  return (node.modifiers ?? []).some(({ kind }) => kind === ts.SyntaxKind.ExportKeyword);
}

function isErrorMade(node: ts.Node): boolean {
  return ts.isNewExpression(node) && /(Error|Failure)$/.test(node.expression.getText());
}

function isMessage(text: string, isError: boolean): boolean {
  if (wordsOf(text).length < FEWEST_WORDS) return false;
  return isError || FACT.test(text) || ADVICE.test(text);
}

/** The first sentence that says something is the fact. A point within a name or a path ends none. */
function split(text: string): Message {
  const ends = [...text.matchAll(/[.;] (?=[A-Z"])/g)].map(({ index }) => index);
  const at = ends.find((end) => wordsOf(text.slice(0, end)).length >= FEWEST_WORDS);
  if (at === undefined) return { fact: text.replace(/\.$/, ""), wayOut: "" };
  return { fact: text.slice(0, at), wayOut: text.slice(at + 2) };
}

/** Words of a text's own, without what a run puts in. */
function wordsOf(text: string): string[] {
  return text.replace(/‹[^›]*›/g, " ").match(/[A-Za-z][A-Za-z'’-]+/g) ?? [];
}

function isText(node: ts.Node): node is ts.Expression {
  if (ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)) return !isName(node);
  if (ts.isParenthesizedExpression(node)) return isText(node.expression);
  return isSum(node) && (isText(node.left) || isText(node.right));
}

/** What modules and literal types are called is said to nobody. */
function isName({ parent }: ts.Node): boolean {
  return ts.isImportDeclaration(parent) || ts.isLiteralTypeNode(parent);
}

function isSum(node: ts.Node): node is ts.BinaryExpression {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.PlusToken;
}

function shownText(node: ts.Expression): string {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (ts.isParenthesizedExpression(node)) return shownText(node.expression);
  if (isSum(node)) return shownText(node.left) + shownText(node.right);
  if (!ts.isTemplateExpression(node)) return placeholder(node);
  const spans = node.templateSpans.map(
    ({ expression, literal }) => placeholder(expression) + literal.text,
  );
  return node.head.text + spans.join("");
}

function placeholder(node: ts.Expression): string {
  const words = (nameOf(node) ?? "…").replace(/([a-z])([A-Z])(?!$)/g, "$1 $2");
  return `‹${words.toLowerCase().trim()}›`;
}

/** The word for what an expression gives: `target.name` is a name, `names.join(", ")` are names. */
function nameOf(node: ts.Expression): string | undefined {
  if (ts.isIdentifier(node)) return node.text.replaceAll("_", " ");
  if (ts.isParenthesizedExpression(node) || ts.isNonNullExpression(node))
    return nameOf(node.expression);
  if (ts.isAwaitExpression(node)) return nameOf(node.expression);
  if (ts.isBinaryExpression(node)) return nameOf(node.left);
  if (ts.isCallExpression(node)) return nameOfCall(node);
  if (!ts.isPropertyAccessExpression(node)) return undefined;
  return node.name.text === "length" ? "number" : node.name.text.replace(/^#/, "");
}

/** A function's first argument says what it is about; a method is about what it is called on. */
function nameOfCall({ expression, arguments: [first] }: ts.CallExpression): string | undefined {
  const isMethod = ts.isPropertyAccessExpression(expression);
  if (isMethod && expression.expression.getText() !== "JSON") return nameOf(expression.expression);
  return first === undefined ? nameOf(expression) : nameOf(first);
}
