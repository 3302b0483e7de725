"""An HTTPS server with a certificate authority of its own, and a proxy that leads to it whatever host is asked for."""

import asyncio
import contextlib
import datetime
import ssl

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HOST = "vendor.test"
_DAY = datetime.timedelta(days=1)


@contextlib.asynccontextmanager
async def https_server(folder):
    """Yields its address; `folder/ca.pem` is what a client must trust."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(_certificates(folder))
    async with _listening(_answer, ssl=context) as port:
        yield f"https://127.0.0.1:{port}"


@contextlib.asynccontextmanager
async def proxy_to(address):
    """Yields the proxy's address and the list of what it was asked to connect to."""
    port, asked = int(address.rpartition(":")[2]), []

    async def serve(reader, writer):
        asked.append((await reader.readuntil(b"\r\n\r\n")).split()[1].decode())
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(b"HTTP/1.1 200 Connection established\r\n\r\n")
        await asyncio.gather(_pump(reader, inner_writer), _pump(inner_reader, writer))

    async with _listening(serve) as own_port:
        yield f"http://127.0.0.1:{own_port}", asked


@contextlib.asynccontextmanager
async def _listening(serve, **options):
    """Ends when every connection has."""
    running = set()

    async def serve_and_close(reader, writer):
        running.add(asyncio.current_task())
        with contextlib.suppress(OSError, asyncio.IncompleteReadError):
            await serve(reader, writer)
        writer.close()
        with contextlib.suppress(OSError):
            await writer.wait_closed()

    async with await asyncio.start_server(serve_and_close, "127.0.0.1", 0, **options) as server:
        yield server.sockets[0].getsockname()[1]
        await asyncio.wait_for(asyncio.gather(*running, return_exceptions=True), 10)


async def _pump(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
    writer.close()
    with contextlib.suppress(OSError):
        await writer.wait_closed()


async def _answer(reader, writer):
    await reader.readuntil(b"\r\n\r\n")
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello")
    await writer.drain()


def _certificates(folder):
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    ca_name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "An authority of our own")])
    now = datetime.datetime.now(datetime.timezone.utc)

    def certificate(name, public_key, *extensions):
        made = x509.CertificateBuilder(ca_name, name, public_key, x509.random_serial_number(), now - _DAY, now + _DAY)
        for extension, critical in extensions:
            made = made.add_extension(extension, critical)
        return made.sign(ca_key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)

    identifier = x509.SubjectKeyIdentifier.from_public_key(ca_key.public_key())
    usage = x509.KeyUsage(True, False, False, False, False, True, True, False, False)
    ca = certificate(
        ca_name, ca_key.public_key(), (x509.BasicConstraints(True, None), True), (identifier, False), (usage, True)
    )
    names = x509.SubjectAlternativeName([x509.DNSName(HOST)])
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key())
    leaf = certificate(
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HOST)]),
        key.public_key(),
        (names, False),
        (issuer, False),
        (x509.BasicConstraints(False, None), True),
    )
    (folder / "ca.pem").write_bytes(ca)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    (folder / "server.pem").write_bytes(private + leaf)
    return folder / "server.pem"
