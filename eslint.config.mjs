// Type-aware lint. Nothing is switched off for single lines; what a rule can't hold, the rule set below says for all.
import { existsSync } from "node:fs";
import tseslint from "typescript-eslint";

const disallowed = (group, message) => ({ group, message });
const noVsCode = disallowed(["vscode", "vscode-languageclient", "vscode-languageclient/*"], "Only extension.ts, editor, tree, panel, platform and language/client.ts know VS Code.");
const above = (...folders) => disallowed(folders.map((folder) => `**/${folder}/**`), "Imports run one way along the flow (DESIGN section 3): this layer lies below that one.");
const layer = (files, ...patterns) => ({ files, rules: { "no-restricted-imports": ["error", { patterns }] } });

export default tseslint.config(
  { ignores: ["dist/**", "out/**", "node_modules/**", ".cache/**", "examples/**", "test/fixtures/**", "**/*.mjs", "**/*.cjs"] },
  ...tseslint.configs.recommendedTypeChecked,
  {
    languageOptions: { parserOptions: { project: ["./tsconfig.json", "./src/panel/webview/tsconfig.json"].filter((path) => existsSync(new URL(path, import.meta.url))), tsconfigRootDir: import.meta.dirname } },
    linterOptions: { reportUnusedDisableDirectives: "error", noInlineConfig: true },
    rules: {
      "@typescript-eslint/consistent-type-imports": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/no-floating-promises": "error",
      "@typescript-eslint/no-misused-promises": "error",
      "@typescript-eslint/no-non-null-assertion": "error",
      "@typescript-eslint/no-unnecessary-condition": "error",
      "@typescript-eslint/no-unnecessary-type-assertion": "error",
      "@typescript-eslint/prefer-nullish-coalescing": ["error", { ignorePrimitives: { boolean: true, string: true } }],
      "@typescript-eslint/prefer-readonly": "error",
      "@typescript-eslint/return-await": ["error", "error-handling-correctness-only"],
      "@typescript-eslint/switch-exhaustiveness-check": ["error", { considerDefaultExhaustiveForUnions: true }],
      "@typescript-eslint/no-unused-vars": ["error", { argsIgnorePattern: "^_", varsIgnorePattern: "^_", caughtErrorsIgnorePattern: "^_" }],
      // A promise-returning method of an interface may have nothing to await.
      "@typescript-eslint/require-await": "off",
      eqeqeq: "error",
      "no-restricted-properties": ["error", { property: "innerHTML", message: "Text of a job is never markup: use textContent." }, { property: "outerHTML", message: "Text of a job is never markup." },
        { property: "insertAdjacentHTML", message: "Text of a job is never markup." }],
      "no-restricted-syntax": ["error", { selector: "Property[key.name='shell'][value.value=true]", message: "Child processes are started by argv, never through a shell." },
        { selector: "Property[key.name='isTrusted'][value.value=true]", message: "A trusted MarkdownString lets text run commands." }],
    },
  },
  layer(["src/base/**"], noVsCode, above("snapshot", "bundle", "backends", "jobs", "project", "editor", "language", "panel", "tree", "platform")),
  layer(["src/snapshot/**"], noVsCode, above("bundle", "backends", "jobs", "editor", "language", "panel", "tree", "platform")),
  layer(["src/bundle/**"], noVsCode, above("backends", "jobs", "editor", "language", "panel", "tree", "platform")),
  layer(["src/backends/**"], noVsCode, above("editor", "language", "panel", "tree", "platform")),
  layer(["src/jobs/**"], noVsCode, above("editor", "language", "panel", "tree", "platform")),
  layer(["src/cli.ts", "src/cli/**", "src/launch.ts", "src/preview.ts", "src/project/**"], noVsCode, above("editor", "panel", "tree", "platform")),
  layer(["src/language/**"], above("panel", "tree", "backends", "editor")),
  { files: ["test/**"], rules: { "@typescript-eslint/no-floating-promises": ["error", { allowForKnownSafeCalls: [{ from: "package", package: "mocha", name: ["describe", "it"] }] }] } },
);
