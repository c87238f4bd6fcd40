"""A web server that does what broken ones do: odd_httpd.py ROOT [FAULT=VALUE...]

stop=N    announces the whole file, sends N bytes of it and then nothing more
short=N   announces the whole file, sends N bytes of it and closes the connection
status=N  answers every request with status N
always=F  answers every request with the file F, as a web page
"""

import http.server
import os
import sys
import time

root, *rest = sys.argv[1:]
faults = dict(each.split("=") for each in rest)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_HEAD(self):
        self.do_GET(body=False)

    def do_GET(self, body=True):
        if "status" in faults:
            self.send_response(int(faults["status"]))
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        path = faults.get("always", self.path.lstrip("/"))
        data = open(os.path.join(root, path), "rb").read()
        self.send_response(200)
        if "always" in faults:
            self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        if not body:
            return
        if "stop" in faults:
            self.wfile.write(data[:int(faults["stop"])])
            time.sleep(600)
        elif "short" in faults:
            self.wfile.write(data[:int(faults["short"])])
            self.close_connection = True
        else:
            self.wfile.write(data)


http.server.ThreadingHTTPServer(("0.0.0.0", 80), Handler).serve_forever()
