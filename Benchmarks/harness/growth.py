"""CPU a request with many route files and instances, against few."""
import os

from .costs import measure_paths

FOLDERS = 100   # of routes, at most
ASKED = 500     # paths, at most, spread over all


def _configure(folder, port, routes, sockets):
    os.makedirs(os.path.join(folder, "services"))
    with open(os.path.join(folder, "postern.yaml"), "w") as file:
        file.write(f"listen: 127.0.0.1:{port}\nthreads: 1\n")
    with open(os.path.join(folder, "services", "data.yaml"), "w") as file:
        file.write(f"instances: unix:{sockets}/*.sock\n")
    paths = []
    for index in range(routes):
        parent = os.path.join(folder, "routes", "api", f"part{index % FOLDERS}")
        os.makedirs(parent, exist_ok=True)
        with open(os.path.join(parent, f"thing{index}.yaml"), "w") as file:
            file.write("service: data\nmethods: [GET]\n")
        paths.append(f"/api/part{index % FOLDERS}/thing{index}")
    return paths[::max(1, len(paths) // ASKED)]


def measure(stage, sizes, options):
    """Rounds by name for sizes of (routes, instances) by name."""
    asked = {}
    for name, (routes, instances) in sizes.items():
        sockets = stage.path(f"{name}-sockets")
        os.makedirs(sockets)
        stage.start_backend(os.path.join(sockets, f"{instances}.sock"), "-n", str(instances), sockets)
        scratch = stage.path(name)

        def arguments(port, name=name, scratch=scratch, routes=routes, sockets=sockets):
            asked[name] = _configure(scratch, port, routes, sockets)
            return [stage.gateway, "--config", scratch]

        if why := stage.start_peer(name, scratch, arguments):
            raise SystemExit(f"bench: {name} {why}")
    return measure_paths(stage, asked, options)
