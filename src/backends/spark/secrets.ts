/** Pure: which of a cluster driver's properties and variables travel in private files of the stage, and which with the request. */

export interface Secrets {
  /** For the request: a worker makes them arguments of the driver's JVM, which everyone on its machine sees. */
  open: Record<string, string>;
  /** For a file that the JVM reads. */
  hidden: Record<string, string>;
}

/** Variables that Java, Hadoop and Spark read when they start, and that hold no secrets. */
const ofTheJvm = /^(SPARK_|HADOOP_|JAVA_|YARN_|HIVE_|KRB5|LC_)|^(LD_LIBRARY_PATH|PATH|TZ|LANG)$/;

/** What Spark itself makes of these variables where its JVM has them. */
const credentials: Readonly<Record<string, string>> = {
  AWS_ACCESS_KEY_ID: "spark.hadoop.fs.s3a.access.key",
  AWS_SECRET_ACCESS_KEY: "spark.hadoop.fs.s3a.secret.key",
  AWS_SESSION_TOKEN: "spark.hadoop.fs.s3a.session.token",
};

/** `conf` is the target's as it was written: a value that came from a reference is kept from others' eyes. */
export function separate(values: Readonly<Record<string, string>>, env: Readonly<Record<string, string>>, conf: unknown): Secrets {
  const written = new Map(typeof conf === "object" && conf !== null ? Object.entries(conf) : []);
  const secret = (key: string): boolean => key.startsWith("spark.executorEnv.") || /\$\{(secret|env):/.test(String(written.get(key)));
  const entries = Object.entries(values);
  const found = Object.entries(credentials).flatMap(([name, key]) => {
    const value = env[name];
    return value === undefined || key in values ? [] : [[key, value] as const];
  });
  return {
    open: Object.fromEntries(entries.filter(([key]) => !secret(key))),
    hidden: Object.fromEntries([...entries.filter(([key]) => secret(key)), ...found]),
  };
}

export function variablesOfJvm(env: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter(([name]) => ofTheJvm.test(name)));
}
