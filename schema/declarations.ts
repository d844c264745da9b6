import { readFileSync } from "node:fs";
import ts from "typescript";

/** A type as a declaration has it, with Pulumi's inputs and outputs taken out. */
export type Shape =
  | { readonly kind: "text" | "number" | "truth" | "anything" }
  /** Words, sorted. */
  | { readonly kind: "words"; readonly words: readonly string[] }
  | { readonly kind: "list" | "map"; readonly of: Shape }
  | { readonly kind: "either"; readonly of: readonly Shape[] }
  | { readonly kind: "object"; readonly name: string };

/** A property of an interface or a class. */
interface Property {
  readonly shape: Shape;
  readonly optional: boolean;
  /** Text of its doc comment as one line, with `@default` at its end; empty without one. */
  readonly description: string;
}

export type Properties = Readonly<Record<string, Property>>;

/** What the source files of this project declare: read as they are written, nothing is compiled. */
export class Declarations {
  readonly #found = new Map<string, ts.InterfaceDeclaration | ts.TypeAliasDeclaration>();
  readonly #words = new Map<string, readonly string[]>();
  readonly #classes = new Map<string, ts.ClassDeclaration>();

  /** @param files - paths; names are looked up in all of them */
  constructor(files: readonly string[]) {
    for (const file of files) {
      const text = readFileSync(file, "utf8");
      ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true).forEachChild((node) => {
        this.#note(node);
      });
    }
  }

  /** Names of the classes, sorted. */
  get classes(): string[] {
    return [...this.#classes.keys()].sort();
  }

  /** Outputs of a class: what it declares with `declare`. */
  outputsOf(name: string): Properties {
    const members = this.#classes.get(name)?.members ?? [];
    const properties = [...members].filter((member) => ts.isPropertyDeclaration(member));
    return this.#properties(properties.filter(isDeclared));
  }

  /** Whether one of the files declares an interface of this name. */
  has(name: string): boolean {
    return this.#found.has(name);
  }

  /**
   * Properties of an interface, with those that it extends.
   *
   * @throws Error for a name that no file declares
   */
  propertiesOf(name: string): Properties {
    const found = this.#found.get(name);
    if (found === undefined)
      throw new Error(`declarations: got "${name}"; expected an interface of the files`);
    if (ts.isTypeAliasDeclaration(found)) return this.#inherited(found.type);
    const above = (found.heritageClauses ?? []).flatMap(({ types }) => types);
    const own = found.members.filter((member) => ts.isPropertySignature(member));
    return Object.assign(
      {},
      ...above.map((type) => this.#inherited(type)),
      this.#properties(own),
    ) as Properties;
  }

  #note(node: ts.Node): void {
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node))
      this.#found.set(node.name.text, node);
    if (ts.isClassDeclaration(node) && node.name !== undefined)
      this.#classes.set(node.name.text, node);
    if (!ts.isVariableStatement(node)) return;
    for (const { name, initializer } of node.declarationList.declarations) {
      const list =
        initializer !== undefined && ts.isAsExpression(initializer)
          ? initializer.expression
          : initializer;
      if (!ts.isIdentifier(name) || list === undefined || !ts.isArrayLiteralExpression(list))
        continue;
      this.#words.set(
        name.text,
        list.elements
          .filter(ts.isStringLiteral)
          .map(({ text }) => text)
          .sort(),
      );
    }
  }

  /** `Base`, `Omit<Base, "key">` and `Pick<Base, "key">`. */
  #inherited(type: ts.TypeNode): Properties {
    const [name, args] = referenceOf(type);
    const [base, keys] = args;
    if (base === undefined || (name !== "Omit" && name !== "Pick")) return this.propertiesOf(name);
    const words = keys === undefined ? [] : wordsIn(keys);
    const entries = Object.entries(this.#inherited(base)).filter(
      ([key]) => words.includes(key) === (name === "Pick"),
    );
    return Object.fromEntries(entries);
  }

  #properties(members: readonly (ts.PropertySignature | ts.PropertyDeclaration)[]): Properties {
    return Object.fromEntries(
      members.map((member) => {
        const inner = withoutWrapper(member.type);
        const parts = inner !== undefined && ts.isUnionTypeNode(inner) ? [...inner.types] : [];
        const optional = member.questionToken !== undefined || parts.some(isUndefined);
        const shape = this.#shape(member.type);
        return [member.name.getText(), { shape, optional, description: commentOf(member) }];
      }),
    );
  }

  #shape(node: ts.TypeNode | undefined): Shape {
    const type = withoutWrapper(node);
    if (type === undefined) return { kind: "anything" };
    if (ts.isUnionTypeNode(type))
      return this.#either(type.types.filter((one) => !isUndefined(one)));
    if (ts.isLiteralTypeNode(type)) return literalShape(type);
    if (ts.isArrayTypeNode(type)) return { kind: "list", of: this.#shape(type.elementType) };
    if (ts.isTypeOperatorNode(type)) return this.#shape(type.type);
    if (ts.isTypeReferenceNode(type)) return this.#named(type);
    const kind = primitives.get(type.kind);
    return { kind: kind ?? "anything" };
  }

  #either(types: readonly ts.TypeNode[]): Shape {
    const shapes = types.map((one) => this.#shape(one));
    const words = shapes.flatMap((shape) => (shape.kind === "words" ? shape.words : []));
    const others = shapes.filter(({ kind }) => kind !== "words");
    const all: Shape[] = [
      ...others,
      ...(words.length === 0 ? [] : [{ kind: "words" as const, words: words.sort() }]),
    ];
    const [only, ...rest] = [...new Map(all.map((one) => [JSON.stringify(one), one])).entries()]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, shape]) => shape);
    if (only === undefined) return { kind: "anything" };
    return rest.length === 0 ? only : { kind: "either", of: [only, ...rest] };
  }

  #named(type: ts.TypeReferenceNode): Shape {
    const [name, [first, second]] = referenceOf(type);
    if (name === "Record") return { kind: "map", of: this.#shape(second) };
    if (name === "Readonly" || name === "Partial") return this.#shape(first);
    const found = this.#found.get(name);
    if (found === undefined || ts.isInterfaceDeclaration(found)) return { kind: "object", name };
    return this.#alias(found.type);
  }

  /** `(typeof words)[number]` are the words; another name is what it stands for. */
  #alias(type: ts.TypeNode): Shape {
    if (!ts.isIndexedAccessTypeNode(type)) return this.#shape(type);
    const list = /typeof (\w+)/.exec(type.getText())?.[1] ?? "";
    return { kind: "words", words: this.#words.get(list) ?? [] };
  }
}

const primitives = new Map<ts.SyntaxKind, "text" | "number" | "truth">([
  [ts.SyntaxKind.StringKeyword, "text"],
  [ts.SyntaxKind.NumberKeyword, "number"],
  [ts.SyntaxKind.BooleanKeyword, "truth"],
]);

function literalShape({ literal }: ts.LiteralTypeNode): Shape {
  if (ts.isStringLiteral(literal)) return { kind: "words", words: [literal.text] };
  return { kind: "truth" };
}

/** The type in `pulumi.Input<…>`, `pulumi.Output<…>` and brackets. */
function withoutWrapper(node: ts.TypeNode | undefined): ts.TypeNode | undefined {
  if (node === undefined) return undefined;
  if (ts.isParenthesizedTypeNode(node)) return withoutWrapper(node.type);
  if (!ts.isTypeReferenceNode(node)) return node;
  const [name, [inner]] = referenceOf(node);
  return /^(pulumi\.)?(Input|Output)$/.test(name) ? withoutWrapper(inner) : node;
}

function referenceOf(type: ts.TypeNode): [string, readonly ts.TypeNode[]] {
  if (ts.isTypeReferenceNode(type)) return [type.typeName.getText(), type.typeArguments ?? []];
  if (ts.isExpressionWithTypeArguments(type))
    return [type.expression.getText(), type.typeArguments ?? []];
  return [type.getText(), []];
}

function wordsIn(type: ts.TypeNode): string[] {
  const types = ts.isUnionTypeNode(type) ? type.types : [type];
  return types.flatMap((one) =>
    ts.isLiteralTypeNode(one) && ts.isStringLiteral(one.literal) ? [one.literal.text] : [],
  );
}

/** `declare readonly …`: a property that the engine fills in. */
function isDeclared({
  modifiers = [],
}: {
  readonly modifiers?: readonly ts.ModifierLike[];
}): boolean {
  return modifiers.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword);
}

function isUndefined(type: ts.TypeNode): boolean {
  return type.kind === ts.SyntaxKind.UndefinedKeyword;
}

function commentOf(node: ts.Node): string {
  const comments = ts.getJSDocCommentsAndTags(node).filter((one) => ts.isJSDoc(one));
  return comments
    .map((comment) => {
      const text = ts.getTextOfJSDocComment(comment.comment) ?? "";
      const defaults = (comment.tags ?? [])
        .filter((tag) => tag.tagName.text === "default")
        .map(
          (tag) => `Default: ${(ts.getTextOfJSDocComment(tag.comment) ?? "").replace(/^- /, "")}.`,
        );
      return [text, ...defaults].filter((part) => part !== "").join(" ");
    })
    .join(" ")
    .replace(/\s+/g, " ");
}
