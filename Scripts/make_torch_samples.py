"""Makes Fixtures/torch: small files of torch.save, and what is in them as NPZ.

    python Scripts/make_torch_samples.py Fixtures/torch

Needs torch and numpy; the files in the repository were made with torch 2.15.0.
"""

import collections
import pathlib
import sys

import numpy as np
import torch

out = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else "Fixtures/torch")
out.mkdir(parents=True, exist_ok=True)


def ramp(dtype, *shape):
    """Numbers that every type can hold, some of them negative where there is a sign."""
    count = int(np.prod(shape))
    numbers = torch.arange(count) % 97
    if dtype not in (torch.bool, torch.uint8, torch.uint16, torch.uint32, torch.uint64):
        numbers = numbers - 48
    if dtype.is_floating_point:
        numbers = numbers.double() / 8
    return numbers.to(dtype).reshape(shape)


expected = {}


def save(name, value, tensors, **options):
    torch.save(value, out / name, **options)
    for path, tensor in tensors.items():
        array = tensor.detach()
        if array.dtype == torch.bfloat16:
            array = array.float()
        expected[f"{name}:{path}"] = np.array(array.numpy(), order="C")


tensor = ramp(torch.float32, 3, 4, 5)
save("tensor.pt", tensor, {"": tensor})

types = [
    "bool", "uint8", "int8", "int16", "int32", "int64", "uint16", "uint32", "uint64",
    "float16", "bfloat16", "float32", "float64",
]
every = {name: ramp(getattr(torch, name), 2, 5) for name in types}
save("types.pt", every, every)

# Views of one storage, a transposed one, a 0-d and an empty tensor.
base = ramp(torch.float32, 6, 8)
views = {
    "base": base, "transposed": base.t(), "rows": base[2:4], "strided": base[::2, 1::3],
    "repeated": base[0].expand(3, 8), "scalar": torch.tensor(2.5), "empty": torch.zeros(0, 3),
}
save("views.pth", views, views)

model = torch.nn.Sequential(
    collections.OrderedDict(first=torch.nn.Linear(4, 3), norm=torch.nn.BatchNorm1d(3), last=torch.nn.Linear(3, 2))
)
with torch.no_grad():
    for number, parameter in enumerate(model.parameters()):
        parameter.copy_(ramp(torch.float32, *parameter.shape) + number)
checkpoint = {
    "epoch": 7, "rate": 0.5, "name": "model", "best": None, "model": model.state_dict(),
    "history": [torch.tensor([1.0, 2.0]), (torch.tensor([3]), torch.nn.Parameter(torch.tensor([4.0])))],
    3: torch.Size([2, 3]),
}
tensors = {"model." + name: value for name, value in model.state_dict().items()}
tensors |= {
    "history.0": checkpoint["history"][0], "history.1.0": checkpoint["history"][1][0],
    "history.1.1": checkpoint["history"][1][1],
}
save("checkpoint.pt", checkpoint, tensors)
save("protocol4.pt", {"a": tensor[0], "b": [tensor[1]]}, {"a": tensor[0], "b.0": tensor[1]}, pickle_protocol=4)

# What is refused: whole modules, the old format, TorchScript, types that no tensor has here.
torch.save(model, out / "refused-module.pt")
torch.save(tensor[0], out / "refused-legacy.pt", _use_new_zipfile_serialization=False)
torch.save({"c": torch.zeros(2, dtype=torch.complex64), "f": torch.zeros(2, dtype=torch.float8_e4m3fn), "x": tensor[0]},
           out / "refused-types.pt")
torch.save(tensor[0].to_sparse(), out / "refused-sparse.pt")
torch.jit.save(torch.jit.script(torch.nn.Linear(2, 2)), str(out / "refused-script.pt"))

np.savez_compressed(out / "expected.npz", **expected)
