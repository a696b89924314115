/** What a new project file holds: valid as it is, every part explained. */
export const projectTemplate = `// Where Slingshot runs the jobs of this folder, and what it sends along.
{
  // The target of a click on "Run on …" until another one is chosen in the status bar.
  "defaultTarget": "local",

  "targets": {
    // "local" exists without being named here: a process of this machine, run from the bundle.
    // "spark-dev": { "backend": "spark", "master": "spark://gateway:7077", "conf": { "spark.executor.memory": "2g" } }
  },

  "bundle": {
    // Folders that imports are looked up in, besides those that Slingshot finds itself.
    "roots": [],
    // Data files that jobs read, e.g. "conf/**".
    "include": [],
    "exclude": []
  },

  "jobs": {
    // Functions with these decorators, or of these names, get a "Run on …" above them.
    "decorators": [],
    "functions": []
  }
}
`;
