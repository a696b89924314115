/** The page of a webview: an empty body, one script, one style sheet, and a policy that allows nothing else. */

export interface PageParts {
  script: string;
  style: string;
  /** The webview's own source, for the policy. */
  source: string;
  nonce: string;
  title?: string;
}

export function panelHtml({ script, style, source, nonce, title = "Slingshot Job" }: PageParts): string {
  const policy = `default-src 'none'; img-src blob:; style-src ${source}; script-src 'nonce-${nonce}'`;
  return `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="stylesheet" href="${style}">
<title>${title}</title>
</head>
<body><script nonce="${nonce}" src="${script}"></script></body>
</html>`;
}
