import type { collected as enCollected } from '../en/collected.js';

export const collected: typeof enCollected = {
  id: {
    what: '匿名 ID',
    why: '让您只被计一次；凭其密钥可查看和删除您的数据',
    example: '仅以带密钥的哈希保存',
  },
  day: { what: '时间', why: '了解每天有多少人', example: '2026-11-25' },
  version: { what: '程序的版本', why: '决定支持哪些版本', example: '2.3.1' },
  system: {
    what: '系统、系统版本和架构',
    why: '决定为哪些系统构建和测试',
    example: 'Linux 6.18, x64',
  },
  runtime: { what: '运行时及其版本', why: '判断何时可以放弃旧的运行时', example: 'node 20.20' },
  channel: { what: '安装方式', why: '决定维护哪些安装包', example: 'npm' },
  place: { what: 'CI 服务、容器、WSL、编程代理', why: '区分人和机器', example: 'github-actions' },
  delivery: {
    what: '上报的编号，以及丢失的条数',
    why: '避免重复计数，并知道缺了多少',
    example: '0',
  },
};

export const stock: Readonly<Record<string, string>> = {
  report_id: '上报的随机编号：发送两次的上报只计一次。',
  anonymous_id:
    '16 位十六进制的 ID，对应此机器上的此程序。每个程序的 ID 各不相同。它让每个人只计一次，但不透露是谁。在 CI 中，它是 CI 服务的名称。',
  owner: '此机器密钥的哈希，仅用于此收集器。只有凭该密钥才能查看和删除您的数据。',
  timestamp: '事件发生的时间。',
  project: '程序的名称。',
  event: '事件的名称：下列事件之一。',
  lost_total: '此机器至今有多少条上报未能发送。',
  'info.os': '系统：Linux、Darwin 或 Windows。',
  'info.os_version': '系统版本的前两段数字；Windows 上为 10 或 11。',
  'info.arch': '处理器架构。',
  'info.version': '程序的版本。',
  'info.runtime': '运行时：node、bun 或 deno。',
  'info.runtime_version': '运行时版本的前两段数字。',
  'info.id_source': 'ID 的来源：由机器得出、随机生成，或由 CI 或父进程给定。',
  'info.id_persisted': 'ID 是否保存在机器上。',
  'info.ci': '运行程序的 CI 服务（如有）。',
  'info.container': '程序是否在容器中运行。',
  'info.wsl': '程序是否在 Windows 的 Linux 子系统（WSL）中运行。',
  'info.agent': '运行程序的编程代理（如有）。',
  'info.channel': '程序的安装方式，例如 npm、brew 或 docker（如果已知）。',
  'info.level': '您允许上报的程度：完整或基本。',
  fields: '事件的字段，如下所列，别无其他。',
};
