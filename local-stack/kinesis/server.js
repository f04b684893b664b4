'use strict'

// Kinesis on one machine: kinesalite, bound to 127.0.0.1, with the streams that the pipeline reads.
//
//   node server.js --port N --data DIR [--stream NAME:SHARDS]...

const fs = require('fs')
const http = require('http')
const kinesalite = require('kinesalite')

const HOST = '127.0.0.1'
const SHARD_LIMIT = 200

function fail(message, status) {
  console.error(message)
  process.exit(status)
}

function readArguments(args) {
  const options = { port: 0, data: '', streams: [] }
  for (let i = 0; i < args.length; i += 2) {
    const value = args[i + 1]
    if (value === undefined) fail(`Cannot read option without a value: ${args[i]}`, 2)
    switch (args[i]) {
      case '--port':
        options.port = Number(value)
        break
      case '--data':
        options.data = value
        break
      case '--stream': {
        const [name, shards] = value.split(':')
        options.streams.push({ name, shards: Number(shards || 1) })
        break
      }
      default:
        fail(`Cannot read option: ${args[i]}`, 2)
    }
  }
  if (!options.port || !options.data) fail('Cannot start Kinesis: --port and --data are needed', 2)
  return options
}

function call(port, action, body) {
  return new Promise((resolve, reject) => {
    const request = http.request(
      {
        host: HOST,
        port,
        method: 'POST',
        headers: {
          'Content-Type': 'application/x-amz-json-1.1',
          'X-Amz-Target': `Kinesis_20131202.${action}`,
          'X-Amz-Date': '20260101T000000Z',
          // kinesalite wants a signature and accepts any.
          Authorization:
            'AWS4-HMAC-SHA256 Credential=millrace/20260101/us-east-1/kinesis/aws4_request, SignedHeaders=host, Signature=local',
        },
      },
      response => {
        let text = ''
        response.on('data', part => (text += part))
        response.on('end', () => resolve({ status: response.statusCode, body: text ? JSON.parse(text) : {} }))
      }
    )
    request.on('error', reject)
    request.end(JSON.stringify(body))
  })
}

async function createStream(port, stream) {
  const answer = await call(port, 'CreateStream', { StreamName: stream.name, ShardCount: stream.shards })
  const exists = String(answer.body.__type).endsWith('ResourceInUseException')
  if (answer.status !== 200 && !exists) {
    throw new Error(`${stream.name}: ${answer.body.message || answer.body.__type}`)
  }
  for (;;) {
    const summary = await call(port, 'DescribeStreamSummary', { StreamName: stream.name })
    if (summary.status === 200 && summary.body.StreamDescriptionSummary.StreamStatus === 'ACTIVE') return
    await new Promise(resolve => setTimeout(resolve, 50))
  }
}

process.on('uncaughtException', error => {
  // kinesalite throws what a client breaks off that is killed while it sends.
  if (error.code === 'ECONNRESET') return
  console.error(error)
  fail(`Cannot keep Kinesis running: ${error.message}`, 1)
})

const options = readArguments(process.argv.slice(2))
fs.mkdirSync(options.data, { recursive: true })
const server = kinesalite({ path: options.data, shardLimit: SHARD_LIMIT, createStreamMs: 50 })

server.on('error', error => {
  const why = error.code === 'EADDRINUSE' ? 'the port is taken' : error.message
  fail(`Cannot start Kinesis on port ${options.port}: ${why}`, 1)
})
server.listen(options.port, HOST, () => {
  Promise.all(options.streams.map(stream => createStream(options.port, stream)))
    .then(() => {
      console.log(`Kinesis listens on http://${HOST}:${options.port}`)
      // The launcher waits for this file.
      if (process.env.MILLRACE_READY_FILE) fs.writeFileSync(process.env.MILLRACE_READY_FILE, 'ready\n')
    })
    .catch(error => fail(`Cannot create stream ${error.message}`, 1))
})

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.on(signal, () => {
    server.closeAllConnections && server.closeAllConnections()
    server.close(() => process.exit(0))
  })
}
