/** Entry points of well-known public projects: what each is run with, and what a user would have to include by hand. */
export interface EntryPoint {
  /** Distribution whose source is the workspace. */
  project: string;
  /** Words for `slingshot bundle`: a file below the workspace, or `-m MODULE`. */
  entry: string[];
  /** Arguments of the program; `@DATA@` stands for a private folder that holds `data`, made anew for each run. */
  args: string[];
  /** Files of the workspace that are ours, by path. */
  files?: Record<string, string>;
  data?: Record<string, string>;
  /** Globs for `--include`: data and modules that are found at run time only. */
  include?: string[];
  /** Standard input of the program. */
  input?: string;
  /** Only in `npm run test:long`. */
  long?: true;
}

const source = "import os, sys\nx = {  'a':1 }\ndef f( y ):\n    return y+x['a']\nprint(f(2))\n";

export const entryPoints: EntryPoint[] = [
  { project: "black", entry: ["-m", "black"], args: ["--version"] },
  { project: "black", entry: ["-m", "black"], args: ["--diff", "-q", "@DATA@/x.py"], data: { "x.py": source } },
  { project: "isort", entry: ["-m", "isort"], args: ["--diff", "@DATA@/x.py"], data: { "x.py": "import sys\nimport os\n" } },
  { project: "flask", entry: ["-m", "flask"], args: ["--version"] },
  { project: "flask", entry: ["hello.py"], args: [], files: { "hello.py": "from flask import Flask, jsonify, render_template_string\napp = Flask(__name__)\n@app.route('/')\ndef index():\n    return jsonify(a=render_template_string('{{ 1 + 1 }}'))\nprint(app.test_client().get('/').data)\n" } },
  { project: "werkzeug", entry: ["serve.py"], args: [], files: { "serve.py": "from werkzeug.test import Client\nfrom werkzeug.wrappers import Request, Response\nfrom werkzeug.routing import Map, Rule\n@Request.application\ndef app(request):\n    Map([Rule('/', endpoint='a')]).bind('x').match('/')\n    return Response('hello ' + request.path)\nprint(Client(app).get('/p').data)\n" } },
  { project: "jinja2", entry: ["render.py"], args: ["World"], files: { "render.py": "import sys\nfrom jinja2 import Environment, DictLoader\nenvironment = Environment(loader=DictLoader({'a': '{% for i in range(3) %}{{ name|upper }}{{ i }} {% endfor %}'}))\nprint(environment.get_template('a').render(name=sys.argv[1]))\n" } },
  { project: "django", long: true, entry: ["-m", "django"], args: ["version"] },
  { project: "django", entry: ["manage.py"], args: ["check"], files: { "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\nfrom django.core.management import execute_from_command_line\nimport sys\nexecute_from_command_line(sys.argv)\n", "settings.py": "SECRET_KEY = 'x'\nINSTALLED_APPS = []\nROOT_URLCONF = 'urls'\nUSE_TZ = True\n", "urls.py": "from django.urls import path\nfrom django.http import HttpResponse\nurlpatterns = [path('', lambda request: HttpResponse('ok'))]\n" }, include: ["settings.py", "urls.py", "django/core/management/commands/**", "django/conf/**", "django/urls/**"] },
  { project: "pip", files: { ".slingshotignore": "cacert.pem\n" }, entry: ["-m", "pip"], args: ["--version"] },
  { project: "pip", files: { ".slingshotignore": "cacert.pem\n" }, entry: ["-m", "pip"], args: ["hash", "@DATA@/x.txt"], data: { "x.txt": "text\n" }, long: true },
  { project: "rich", entry: ["-m", "rich.table"], args: [] },
  { project: "rich", entry: ["-m", "rich.markdown"], args: ["@DATA@/x.md"], data: { "x.md": "# Title\n\n* one\n* two\n\n```python\nprint(1)\n```\n" } },
  { project: "pygments", entry: ["-m", "pygments"], args: ["-l", "python", "-f", "html", "@DATA@/x.py"], data: { "x.py": source } },
  { project: "docutils", entry: ["-m", "docutils"], args: ["--writer=pseudoxml", "@DATA@/x.rst"], data: { "x.rst": "Title\n=====\n\n* a\n* b `c`\n" } },
  { project: "mypy", entry: ["-m", "mypy"], args: ["--version"] },
  { project: "httpie", entry: ["-m", "httpie"], args: ["--offline", "--ignore-stdin", "POST", "example.org/x", "a=1"] },
  { project: "celery", long: true, entry: ["-m", "celery"], args: ["--version"] },
  { project: "celery", entry: ["tasks.py"], args: [], files: { "tasks.py": "from celery import Celery\napp = Celery('t', broker='memory://', backend='cache+memory://')\napp.conf.task_always_eager = True\n@app.task\ndef add(x, y):\n    return x + y\nprint(add.delay(1, 2).get())\n" } },
  { project: "sqlalchemy", entry: ["store.py"], args: [], files: { "store.py": "from sqlalchemy import create_engine, select, String\nfrom sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column\nclass Base(DeclarativeBase): pass\nclass User(Base):\n    __tablename__ = 'u'\n    id: Mapped[int] = mapped_column(primary_key=True)\n    name: Mapped[str] = mapped_column(String(30))\nengine = create_engine('sqlite://')\nBase.metadata.create_all(engine)\nwith Session(engine) as session:\n    session.add(User(name='a'))\n    session.commit()\n    print(session.scalars(select(User.name)).all())\n" } },
  { project: "fastapi", entry: ["api.py"], args: [], files: { "api.py": "import asyncio, json\nfrom fastapi import FastAPI\napp = FastAPI()\n@app.get('/items/{number}')\ndef item(number: int) -> dict[str, int]:\n    return {'n': number}\nsent = []\nasync def receive(): return {'type': 'http.request', 'body': b'', 'more_body': False}\nasync def send(message): sent.append(message)\nscope = {'type': 'http', 'method': 'GET', 'path': '/items/3', 'raw_path': b'/items/3', 'query_string': b'', 'headers': [], 'root_path': '', 'scheme': 'http', 'server': ('x', 80), 'client': ('y', 1), 'http_version': '1.1'}\nasyncio.run(app(scope, receive, send))\nprint(sent[1]['body'], sorted(app.openapi()['paths']))\n" } },
  { project: "pytest", entry: ["-m", "pytest"], args: ["-q", "-p", "no:cacheprovider", "--rootdir=@DATA@", "@DATA@/test_x.py"], data: { "test_x.py": "def test_one():\n    assert 1 + 1 == 2\n\ndef test_two():\n    assert [1] == [2]\n" } },
  { project: "flake8", entry: ["-m", "flake8"], args: ["--isolated", "@DATA@/x.py"], data: { "x.py": source } },
  { project: "pylint", entry: ["-m", "pylint"], args: ["--version"] },
  { project: "yamllint", entry: ["-m", "yamllint"], args: ["@DATA@/x.yaml"], data: { "x.yaml": "a:   1\nb: 2\n" }, include: ["yamllint/conf/**"] },
  { project: "cookiecutter", entry: ["-m", "cookiecutter"], args: ["--version"] },
  { project: "virtualenv", long: true, entry: ["-m", "virtualenv"], args: ["--version"] },
  { project: "youtube-dl", entry: ["-m", "youtube_dl"], args: ["--version"] },
  { project: "youtube-dl", entry: ["-m", "youtube_dl"], args: ["--list-extractors"], long: true },
  { project: "scrapy", entry: ["-m", "scrapy"], args: ["version"] },
  { project: "sphinx", entry: ["-m", "sphinx"], args: ["--version"] },
  { project: "sphinx", long: true, entry: ["-m", "sphinx"], args: ["-q", "-b", "text", "-d", "@DATA@/trees", "@DATA@/in", "@DATA@/out"], data: { "in/index.rst": "Title\n=====\n\n.. py:function:: f(x)\n\n   Text.\n", "in/conf.py": "project = 'p'\n" }, include: ["sphinx/**"] },
  { project: "mkdocs", long: true, entry: ["-m", "mkdocs"], args: ["--version"] },
];
